"""Starts the SQL engines that are named, as far as they can be had here, runs a command that finds them by its environment, and stops them.

    python3 tools/engines/run.py postgres trino -- go -C segkit/cmd/segkit-engine test -count=1 ./...

    SEGKIT_TEST_POSTGRES       URL of the database, as --engine takes it
    SEGKIT_TEST_TRINO          URL of the cluster: a coordinator and two workers
    SEGKIT_TEST_TRINO_WORKER   process id of the second worker, for a test that kills it
    SEGKIT_TEST_WAREHOUSE      folder in which the cluster's tables lie

What it fetches lies under .tools/engines, what it makes under build/engines; servers listen on this machine only.
"""
import contextlib
import os
import signal
import subprocess
import sys

import postgres
import trino
from absent import Absent

ENGINES = {"postgres": postgres, "trino": trino}


def main(arguments):
    names, command = arguments[:arguments.index("--")], arguments[arguments.index("--") + 1:]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    with contextlib.ExitStack() as started:
        environment = dict(os.environ)
        for name in names:
            try:
                environment |= started.enter_context(ENGINES[name].running())
            except Absent as why:
                print(f"{name} is left out: {why}", flush=True)
        return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
