"""Puts a whole Python with the pinned packages into a folder, for any platform: python.py OS-ARCH MODULE REQUIREMENTS TO.

MODULE is the folder of github.com/kluctl/go-embed-python, whose files are those of a relocatable Python, each compressed. Packages are
unpacked by pip, of which only ready-made wheels are asked: no line of theirs runs here.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys

from pip._vendor.packaging.requirements import Requirement

# The oldest systems that an archive is for, as wheels name them: glibc 2.28 (of 2018), macOS 11.
WHEELS = {
    "linux-amd64": ["manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"],
    "linux-arm64": ["manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"],
    "darwin-amd64": ["macosx_11_0_x86_64"],
    "darwin-arm64": ["macosx_11_0_arm64"],
}
MACHINES = {"linux-amd64": "x86_64", "linux-arm64": "aarch64", "darwin-amd64": "x86_64", "darwin-arm64": "arm64"}
LEFT_OUT = ("idlelib", "tkinter", "turtledemo", "test", "ensurepip", "tcl", "libtcl", "libtk", "tk", "itcl", "thread")


def unpack(source, target):
    """Writes the files of a Python; graphical toolkits and its own tests stay out."""
    with open(os.path.join(source, "files.json")) as file:
        entries = json.load(file)["files"]
    for entry in entries:
        parts = entry["name"].split("/")
        if any(p.startswith(LEFT_OUT) if parts[0] == "lib" and i == 1 else p in LEFT_OUT for i, p in enumerate(parts)):
            continue
        path, packed = os.path.join(target, *parts), os.path.join(source, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if entry.get("symlink"):
            os.symlink(entry["symlink"], path)
        elif os.path.isfile(packed):
            shutil.copyfile(packed, path)
            os.chmod(path, entry["perm"] & 0o777)
        elif os.path.isfile(packed + ".gz"):
            with gzip.open(packed + ".gz") as original, open(path, "wb") as copy:
                shutil.copyfileobj(original, copy)
            os.chmod(path, entry["perm"] & 0o777)


def pins(requirements, platform, version):
    """The lines of the requirements that hold on the platform. Pip itself would ask the machine that it runs on."""
    system = platform.split("-")[0]
    target = {
        "python_version": version, "python_full_version": version + ".0", "os_name": "posix", "sys_platform": system,
        "platform_system": system.capitalize(), "platform_machine": MACHINES[platform],
        "implementation_name": "cpython", "platform_python_implementation": "CPython",
    }
    with open(requirements) as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                requirement = Requirement(line)
                if requirement.marker is None or requirement.marker.evaluate(target):
                    yield f"{requirement.name}{requirement.specifier}"


def main(platform, module, requirements, target):
    unpack(os.path.join(module, "python", "internal", "data", platform), target)
    version = next(name for name in os.listdir(os.path.join(target, "lib")) if name.startswith("python3"))[len("python"):]
    if not os.path.lexists(os.path.join(target, "bin", "python")):
        os.symlink("python" + version, os.path.join(target, "bin", "python"))
    packages = os.path.join(target, "lib", "python" + version, "site-packages")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile",
               "--only-binary=:all:", "--python-version", version, "--target", packages]
    for tag in WHEELS[platform]:
        command += ["--platform", tag]
    if subprocess.run(command + list(pins(requirements, platform, version))).returncode != 0:
        sys.exit(f"workshop: the packages for {platform} could not be had; the lines above say why")
    # Where Jupyter looks for them. Scripts in bin name the Python of this machine; python -m does without.
    for folder in ("share", "etc"):
        shutil.copytree(os.path.join(packages, folder), os.path.join(target, folder), dirs_exist_ok=True)
        shutil.rmtree(os.path.join(packages, folder))
    shutil.rmtree(os.path.join(packages, "bin"))


if __name__ == "__main__":
    main(*sys.argv[1:])
