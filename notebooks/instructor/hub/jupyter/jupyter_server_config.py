"""Settings of each learner's server. start_learner.py names this folder to Jupyter."""
c = get_config()  # noqa: F821 (Jupyter provides it)

# A kernel keeps its memory after its tab was closed. End it then, once it has been idle for half an hour. A notebook
# that is open keeps its kernel: somebody may be thinking. No kernel is started ahead of time.
c.MappingKernelManager.cull_idle_timeout = 1800  # seconds
c.MappingKernelManager.cull_interval = 120
c.MappingKernelManager.cull_connected = False

# As start.py does: no news, no look for updates, no extensions from the network.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"

# Over TCP every user of the machine could read what every kernel puts out. These sockets lie in a closed folder.
c.KernelManager.transport = "ipc"
