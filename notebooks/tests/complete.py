"""Asks the kernel what Tab would offer.

Reads cells to execute, and texts to complete at their end with a name each that should be among the matches, from standard input;
answers with the matches of each text on standard output, both JSON. The language server answers within a tenth of a second with
what it has by then, and while it is still reading packages that is little: so a text is asked about again, as readers press Tab
again.
"""

import json
import sys
import time

from jupyter_client.manager import start_new_kernel

TRIES = 20


def complete(client, text, wanted):
    for _ in range(TRIES):
        matches = client.complete(text, len(text), reply=True, timeout=120)["content"]["matches"]
        if any(wanted in match for match in matches):
            break
        client.complete("%%\nx := 1", 9, reply=True, timeout=120)  # the kernel passes on only what has changed
        time.sleep(1)
    return matches


job = json.load(sys.stdin)
manager, client = start_new_kernel(kernel_name="gonb", startup_timeout=120)
try:
    for cell in job["cells"]:
        reply = client.execute_interactive(cell, timeout=300, output_hook=lambda message: None)
        if reply["content"]["status"] != "ok":
            sys.exit(f"the kernel does not run {cell!r}: {reply['content']}")
    answers = [complete(client, ask["text"], ask["match"]) for ask in job["asks"]]
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
json.dump(answers, sys.stdout)
