"""A JupyterHub with the workbook on one server: `jupyterhub -f jupyterhub_config.py`, as root. The steps: ../room.md.

Each learner is a user of the system, in the group `learners`, and has a copy of the workbook in the home folder. All
share one environment, the one that runs the hub, which they can read and not change.
"""
import importlib.util
import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 (JupyterHub provides it)
HERE = Path(__file__).resolve().parent
STATE = Path(os.environ.get("WORKBOOK_HUB_STATE", "/srv/jupyterhub"))  # who is logged in, and the keys of the cookies
STATE.mkdir(mode=0o700, parents=True, exist_ok=True)
IDLE = 3600  # seconds until a server without activity is stopped; files stay

# Only this machine can connect. People come through a web server with a certificate (room.md), not directly.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.db_url = f"sqlite:///{STATE}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")

# Passwords are those of the system.
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {"learners"}
c.PAMAuthenticator.admin_groups = {"instructors"}

c.Spawner.cmd = [sys.executable, str(HERE / "start_learner.py")]
c.Spawner.notebook_dir = "~"
c.Spawner.default_url = "/lab/tree/workbook/notebooks/00_start_here.ipynb"
c.Spawner.start_timeout = 120  # seconds: a class logs in all at once
c.JupyterHub.concurrent_spawn_limit = 10

# A limit on memory that holds, and a /tmp for each learner, need systemd. Without it (in a container, say) servers are
# plain processes, and the limit is only told to the learner's server.
c.Spawner.mem_limit = "2G"
if Path("/run/systemd/system").is_dir() and importlib.util.find_spec("systemdspawner"):
    c.JupyterHub.spawner_class = "systemdspawner.SystemdSpawner"
    c.SystemdSpawner.isolate_tmp = True
    c.SystemdSpawner.disable_user_sudo = True
    c.JupyterHub.cleanup_servers = False  # a restart of the hub leaves the class at work

# Stop servers that nobody uses.
c.JupyterHub.services = [{
    "name": "idle-culler",
    "command": [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={IDLE}", "--cull-every=300"]}]
c.JupyterHub.load_roles = [{
    "name": "idle-culler", "services": ["idle-culler"],
    "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"]}]
