"""Runs the first cells of a lesson through a JupyterLab that is starting, and says how long each took:
first_cell.py URL TOKEN LESSON LIMIT fails when the first, with the start of its kernel, takes more than LIMIT seconds."""

import json
import sys
import time
import urllib.request
import uuid

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


def main(url, token, lesson, limit):
    began = time.time()
    await_lab(url, token)
    print(f"{'JupyterLab answers':60} {time.time() - began:6.1f} s")
    cells = [c for c in ask(url, token, "/api/contents/" + lesson)["content"]["cells"] if c["cell_type"] == "code"]
    began = time.time()
    kernel = ask(url, token, "/api/kernels", {"name": "gonb", "path": lesson})["id"]
    socket = websocket.create_connection(f"ws{url[4:]}/api/kernels/{kernel}/channels?token={token}", timeout=300)
    shown = False
    for i, cell in enumerate(cells):
        kinds = run(socket, cell["source"])
        seconds = time.time() - began
        print(f"{f'cell {i + 1}' + (', with the start of the kernel' if i == 0 else ''):60} {seconds:6.1f} s")
        if i == 0 and seconds > float(limit):
            sys.exit(f"FAILED: that is more than {limit} s")
        shown = shown or "display_data" in kinds
        if shown:
            return
        began = time.time()
    sys.exit("FAILED: no cell shows anything")


main(*sys.argv[1:])
