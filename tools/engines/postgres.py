"""PostgreSQL on a socket of its own: Debian's package, a data folder that is thrown away, no port."""
import contextlib
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
import time

import debian
from absent import Absent


def programs():
    """The folder of the newest initdb and postgres; where there is none and we are root, Debian's package is installed."""
    def found():
        return sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    if not found() and os.geteuid() == 0 and shutil.which("apt-get"):
        # The package would start a server of its own: not here.
        os.makedirs("/etc/postgresql-common/createcluster.d", exist_ok=True)
        with open("/etc/postgresql-common/createcluster.d/segkit.conf", "w") as conf:
            conf.write("create_main_cluster = false\n")
        debian.install("postgresql")
    if not found():
        raise Absent("it is not installed; on Debian, apt-get install postgresql as root")
    return found()[-1]


@contextlib.contextmanager
def running():
    bin = programs()
    # The server refuses root, and its user may not enter the checkout; a socket's path is at most 107 characters long.
    folder = tempfile.mkdtemp(prefix="segkit-postgres-")
    be = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        be = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data = os.path.join(folder, "data")
    server = None
    try:
        subprocess.run([f"{bin}/initdb", "-D", data, "-U", "segkit", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
                       check=True, capture_output=True, cwd=folder, **be)
        with open(os.path.join(folder, "log"), "wb") as log:
            server = subprocess.Popen([f"{bin}/postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
                                      stdout=log, stderr=log, cwd=folder, start_new_session=True, **be)
        for _ in range(300):
            if subprocess.run([f"{bin}/pg_isready", "-q", "-h", folder]).returncode == 0:
                break
            if server.poll() is not None:
                with open(os.path.join(folder, "log"), errors="replace") as log:
                    raise Absent("it does not start: " + log.read()[-500:])
            time.sleep(.1)
        yield {"SEGKIT_TEST_POSTGRES": f"postgres://segkit@/postgres?host={folder}"}
    finally:
        if server and server.poll() is None:
            server.terminate()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)
