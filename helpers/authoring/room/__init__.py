"""A class on a real JupyterHub, on this machine: `python -m helpers.authoring.room`."""
