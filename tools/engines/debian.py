"""Packages of Debian, installed by root."""
import subprocess


def install(package):
    """Installs a package, if it is to be had; who needs it looks whether it is there now."""
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
    if subprocess.run(command, capture_output=True).returncode != 0:  # the lists may be old
        subprocess.run(["apt-get", "update", "-qq"], capture_output=True)
        subprocess.run(command, capture_output=True)
