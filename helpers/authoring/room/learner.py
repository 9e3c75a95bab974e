"""A simulated learner: logs in over HTTP as a browser does, starts the server, and runs cells over the WebSocket."""
from __future__ import annotations

import contextlib
import json
import time
import uuid

import requests
import websocket


class LearnerError(Exception):
    """The hub, the server or a cell did not do what a learner needs; the text says what."""


class Learner:
    """One learner of the hub at `address`. stop: a function that is asked every second whether to give up."""

    def __init__(self, address: str, name: str, password: str, stop=lambda: False):
        self.address, self.name, self.password, self.stop = address, name, password, stop
        self.http = requests.Session()
        self.http.trust_env = False  # loopback needs no proxy of the environment

    def url(self, path: str, of: str | None = None) -> str:
        """The address of a path of this learner's server, or of the server of somebody else."""
        return f"{self.address}/user/{of or self.name}/{path}"

    def _xsrf(self, path):
        """The token that a page of the hub or of the server has left in a cookie of its path."""
        return next((cookie.value for cookie in self.http.cookies if (cookie.name, cookie.path) == ("_xsrf", path)), "")

    def log_in(self) -> None:
        """Fill in the form. Raises LearnerError when the hub refuses."""
        self.http.get(f"{self.address}/hub/login", timeout=60)
        token = self._xsrf("/hub/")
        answer = self.http.post(f"{self.address}/hub/login", params={"_xsrf": token}, allow_redirects=False, timeout=60,
                                data={"username": self.name, "password": self.password, "_xsrf": token})
        if answer.status_code != 302:
            raise LearnerError(f"{self.name} was not let in: {answer.status_code}")

    def start_server(self, seconds: float = 180) -> None:
        """Ask for the server and wait until it shows JupyterLab's page."""
        self.http.get(f"{self.address}/hub/spawn/{self.name}", timeout=seconds)
        end = time.monotonic() + seconds
        while True:  # a page, not a call of the API: it is sent through the hub, which says who this is, and comes back
            answer = self.http.get(self.url("lab"), timeout=60)
            if answer.ok and answer.url.startswith(self.url("lab")):
                return
            if time.monotonic() > end or self.stop():
                raise LearnerError(f"The server of {self.name} did not start: {answer.status_code} {answer.url}")
            time.sleep(0.3)

    def request(self, method: str, path: str, of: str | None = None, data: dict | None = None) -> requests.Response:
        """One call of the server's REST API, of one's own server or of somebody else's."""
        token = self._xsrf(f"/user/{self.name}/")
        return self.http.request(method, self.url(path, of), json=data, timeout=60,
                                 headers={"X-XSRFToken": token, "Accept": "application/json"})

    def cells(self, path: str) -> list[dict]:
        """The cells of a notebook of the learner's own copy."""
        answer = self.request("GET", f"api/contents/{path}")
        answer.raise_for_status()
        return answer.json()["content"]["cells"]

    def open(self, path: str) -> Kernel:
        """Open a notebook: a session with a kernel in the notebook's folder."""
        wanted = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        answer = self.request("POST", "api/sessions", data=wanted)
        answer.raise_for_status()
        return Kernel(self, answer.json()["kernel"]["id"])


class Kernel:
    """The kernel of an open notebook. Close it when done; the kernel itself runs on, as behind an open tab."""

    def __init__(self, learner: Learner, id: str):
        self.learner = learner
        url, session = learner.url(f"api/kernels/{id}/channels"), uuid.uuid4().hex
        request = learner.http.prepare_request(requests.Request("GET", url))
        self.socket = websocket.create_connection(f"ws{url.removeprefix('http')}?session_id={session}", timeout=60,
                                                  cookie=request.headers["Cookie"])
        self.socket.settimeout(1)
        self.session = session

    def close(self) -> None:
        """Leave the kernel."""
        self.socket.close()

    def run(self, code: str, seconds: float = 600) -> str:
        """Run code and return what it prints. Raises LearnerError when it raises, or is not done in time."""
        head = {"msg_id": uuid.uuid4().hex, "session": self.session, "username": self.learner.name,
                "msg_type": "execute_request", "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False,
                   "stop_on_error": False}
        self.socket.send(json.dumps({"header": head, "parent_header": {}, "metadata": {}, "content": content,
                                     "buffers": [], "channel": "shell"}))
        printed, end, waiting = [], time.monotonic() + seconds, {"execute_reply", "idle"}
        while waiting:
            if time.monotonic() > end or self.learner.stop():
                raise LearnerError(f"A cell of {self.learner.name} was not done in time: {code[:60]!r}")
            message = self._next()
            if message.get("parent_header", {}).get("msg_id") != head["msg_id"]:
                continue
            kind, said = message["header"]["msg_type"], message["content"]
            if kind == "error":
                raise LearnerError(f"{said['ename']}: {said['evalue']} in {code[:60]!r}")
            if kind == "stream" and said["name"] == "stdout":
                printed.append(said["text"])
            waiting -= {said.get("execution_state") if kind == "status" else kind}
        return "".join(printed)

    def _next(self) -> dict:
        with contextlib.suppress(websocket.WebSocketTimeoutException):
            text = self.socket.recv()
            if isinstance(text, str) and text:
                return json.loads(text)
        return {}
