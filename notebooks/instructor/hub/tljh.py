"""For The Littlest JupyterHub: copy to /opt/tljh/config/jupyterhub_config.d/workbook.py. The steps: ../room.md."""
c = get_config()  # noqa: F821 (JupyterHub provides it)

# /opt/tljh/user is TLJH's environment for everybody, /srv/workbook the clone of the workbook
c.Spawner.cmd = ["/opt/tljh/user/bin/python", "/srv/workbook/notebooks/instructor/hub/start_learner.py"]
c.Spawner.default_url = "/lab/tree/workbook/notebooks/00_start_here.ipynb"
c.Spawner.start_timeout = 120
