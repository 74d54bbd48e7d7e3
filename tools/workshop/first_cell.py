"""Runs the first cells of a lesson through a JupyterLab that is starting, and says how long each took:
first_cell.py URL TOKEN PID LESSON LIMIT fails when the first, with the start of its kernel, takes more than LIMIT seconds, and more than
that of the processors' time, too. PID is JupyterLab's process, or that of the shell which started it."""

import json
import sys
import time
import urllib.request
import uuid

import psutil
import websocket


def ask(url, token, path, body=None):
    request = urllib.request.Request(url + path, json.dumps(body).encode() if body else None, {"Authorization": "token " + token})
    return json.load(urllib.request.urlopen(request, timeout=60))


def await_lab(url, token):
    for _ in range(300):
        try:
            return ask(url, token, "/api/status")
        except OSError:
            time.sleep(0.2)
    sys.exit("JupyterLab does not answer")


def run(socket, code):
    """Runs one cell, and returns what kinds of outputs it had."""
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "session": "test", "username": "", "version": "5.3", "date": ""}
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
    socket.send(json.dumps({"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}))
    kinds = []
    while True:
        message = json.loads(socket.recv())
        if message["parent_header"].get("msg_id") != header["msg_id"] or message["channel"] != "iopub":
            continue
        if message["msg_type"] == "error":
            sys.exit("\n".join(message["content"]["traceback"]))
        if message["content"].get("execution_state") == "idle":
            return kinds
        kinds.append(message["msg_type"])


class Clock:
    """What time a process and all that it starts take, on the wall and of the processors."""

    def __init__(self, pid):
        self.process = psutil.Process(pid)
        self.wall, self.cpu = time.time(), 0.0

    def spent(self):
        cpu = 0.0
        for process in [self.process] + self.process.children(recursive=True):
            try:
                cpu += sum(process.cpu_times()[:4])  # its own, and that of its children which have ended
            except psutil.NoSuchProcess:
                pass
        wall = time.time()
        spent = wall - self.wall, cpu - self.cpu
        self.wall, self.cpu = wall, cpu
        return spent


def tell(what, spent):
    print("%-45s %6.1f s, of processors %6.1f s" % (what, *spent), flush=True)


def main(url, token, pid, lesson, limit):
    clock = Clock(int(pid))
    await_lab(url, token)
    tell("JupyterLab answers", clock.spent())
    cells = [c for c in ask(url, token, "/api/contents/" + lesson)["content"]["cells"] if c["cell_type"] == "code"]
    clock.spent()
    kernel = ask(url, token, "/api/kernels", {"name": "gonb", "path": lesson})["id"]
    socket = websocket.create_connection(f"ws{url[4:]}/api/kernels/{kernel}/channels?token={token}", timeout=300)
    for i, cell in enumerate(cells):
        kinds = run(socket, cell["source"])
        spent = clock.spent()
        tell(f"cell {i + 1}" + (", with the start of its kernel" if i == 0 else ""), spent)
        if i == 0 and min(spent) > float(limit):
            sys.exit(f"FAILED: that is more than {limit} s")
        if "display_data" in kinds:
            return
    sys.exit("FAILED: no cell shows anything")


main(*sys.argv[1:])
