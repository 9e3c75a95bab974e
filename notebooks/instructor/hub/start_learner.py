"""The command with which a hub starts a learner's server: `python start_learner.py [options of jupyterhub-singleuser]`.

It runs as the learner and is the same on one server, in The Littlest JupyterHub and in a container. It closes the home
folder to others, copies the workbook into it, sets the file of the progress, and becomes JupyterHub's own
single-user server.
"""
import os
import shutil
import sys
from pathlib import Path

HUB = Path(__file__).resolve().parent
WORKBOOK = HUB.parents[2]
NOT_FOR_LEARNERS = shutil.ignore_patterns("source", "solutions", "instructor", "authoring", "__pycache__", ".*")


def copy_missing(source, target):
    """Copy a file unless there is one: what a learner has written is never overwritten."""
    if not Path(target).exists():
        shutil.copyfile(source, target)  # not the permissions: those of the shared folder may be read-only


def give_copy(home: Path) -> Path:
    """The learner's own workbook, ~/workbook. A file that is missing there, a deleted notebook too, comes back."""
    own = home / "workbook"
    for folder in ("notebooks", "helpers"):
        shutil.copytree(WORKBOOK / folder, own / folder, ignore=NOT_FOR_LEARNERS, copy_function=copy_missing,
                        dirs_exist_ok=True)
    return own


def close(home: Path):
    """Shut others out of the home folder, which many systems make for everybody to read, and of files that come."""
    os.umask(0o077)
    try:
        home.chmod(0o700)
    except PermissionError:  # a volume of Kubernetes, which belongs to root; nobody else has it
        print(f"{home} belongs to somebody else and keeps its permissions.", file=sys.stderr)


def environment(home: Path) -> dict[str, str]:
    """The server's variables: the settings of this folder, and progress beside the copy, which can then be thrown away.

    The sockets of the kernels lie in a folder with a short name, as the name of a socket has 107 letters at most.
    """
    settings = [str(HUB / "jupyter"), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    return os.environ | {"WORKBOOK_PROGRESS": str(home / "progress.jsonl"), "JUPYTER_RUNTIME_DIR": str(home / ".run"),
                         "JUPYTER_CONFIG_PATH": os.pathsep.join(settings)}


def main():
    """Prepare the home folder and become the server."""
    home = Path.home()
    close(home)
    give_copy(home)
    command = [sys.executable, "-m", "jupyterhub.singleuser", *sys.argv[1:]]
    os.execve(sys.executable, command, environment(home))


if __name__ == "__main__":
    main()
