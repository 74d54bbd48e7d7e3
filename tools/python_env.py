"""Makes a virtual environment from a pinned requirements file: python_env.py DIR REQUIREMENTS.

Debian and Ubuntu ship a Python that cannot put pip into a new environment (ensurepip is a package of its own). There
the pip wheel named below is fetched from the package index, checked, and used to install the rest.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import venv

PIP_WHEEL = "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"


def fetch_pip(directory):
    """Returns the path of the pinned pip wheel, downloaded into the directory."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    page = urllib.request.urlopen(index, timeout=60).read().decode()
    links = re.findall(r'href="([^"#]*%s)' % re.escape(PIP_WHEEL), page)
    if not links:
        sys.exit(f"set-up: {index} does not offer {PIP_WHEEL}. Install your system's python3-venv package, then repeat.")
    wheel = urllib.request.urlopen(urllib.parse.urljoin(index, links[0]), timeout=60).read()
    if hashlib.sha256(wheel).hexdigest() != PIP_SHA256:
        sys.exit(f"set-up: {PIP_WHEEL} from {index} has a wrong checksum; it was not used.")
    path = os.path.join(directory, PIP_WHEEL)
    with open(path, "wb") as file:
        file.write(wheel)
    return path


def main(target, requirements):
    shutil.rmtree(target, ignore_errors=True)
    try:
        import ensurepip  # noqa: F401

        with_pip = True
    except ImportError:
        with_pip = False
    venv.create(target, with_pip=with_pip, symlinks=True)
    python = os.path.join(target, "bin", "python")
    with tempfile.TemporaryDirectory() as directory:
        if with_pip:
            pip, also = [python, "-m", "pip"], []
        else:
            wheel = fetch_pip(directory)
            pip, also = [python, os.path.join(wheel, "pip")], [wheel]  # a wheel runs itself, and is installed too
        command = pip + ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", requirements] + also
        if subprocess.run(command).returncode != 0:
            sys.exit("set-up: JupyterLab could not be installed; the lines above say why.\n"
                     "set-up: behind a proxy set HTTPS_PROXY or PIP_INDEX_URL, then repeat;"
                     " or use a Jupyter you have: make JUPYTER=/path/to/jupyter")


if __name__ == "__main__":
    main(*sys.argv[1:])
