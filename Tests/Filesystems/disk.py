"""Filesystems of their own for the tests, on loop devices, with or without the recorder below them. Needs root."""
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
# The smallest that each mkfs makes.
SIZES = {"ext4": 24 << 20, "xfs": 300 << 20, "btrfs": 128 << 20}
MAKE = {
    "ext4": ["mkfs.ext4", "-q", "-b", "4096", "-E", "nodiscard"], "xfs": ["mkfs.xfs", "-q", "-K"],
    "btrfs": ["mkfs.btrfs", "-q", "-K", "-M"],
}


class Unavailable(Exception):
    """This machine cannot do it."""


def run(*command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        raise Unavailable(f"{' '.join(map(str, command))}: {result.stderr.strip()}")
    return result.stdout.strip()


def unmount(folder):
    for _ in range(100):
        if subprocess.run(["umount", folder], stderr=subprocess.DEVNULL).returncode == 0:
            return
        time.sleep(0.05)
    subprocess.run(["umount", "-l", folder])


class Disk:
    def __init__(self, filesystem, options=""):
        self.filesystem, self.options = filesystem, options
        if os.geteuid() != 0:
            raise Unavailable("mounting needs root")
        if shutil.which(MAKE[filesystem][0]) is None:
            raise Unavailable(f"there is no {MAKE[filesystem][0]}")

    def make(self, image):
        """A new filesystem in the file `image`."""
        with open(image, "wb") as file:
            file.truncate(SIZES[self.filesystem])
        run(*MAKE[self.filesystem], image)

    @contextlib.contextmanager
    def mounted(self, image, folder):
        """Mounts the file or loop device `image`."""
        folder.mkdir(exist_ok=True)
        options = ",".join(filter(None, ["loop" if image.is_file() else "", self.options]))
        run("mount", "-t", self.filesystem, *(["-o", options] if options else []), image, folder)
        try:
            yield folder
        finally:
            unmount(folder)

    @contextlib.contextmanager
    def recorded(self, image, log, folder):
        """A loop device on the file `image` whose writes and flushes are appended to `log`."""
        folder.mkdir(exist_ok=True)
        server = subprocess.Popen([sys.executable, HERE / "recorder.py", folder, image, log])
        device = None
        try:
            deadline = time.monotonic() + 10
            while not (folder / "disk").exists():
                if server.poll() is not None or time.monotonic() > deadline:
                    raise Unavailable("the recorder cannot be mounted: it needs /dev/fuse")
                time.sleep(0.02)
            device = run("losetup", "--find", "--show", folder / "disk")
            yield pathlib.Path(device)
        finally:
            if device:
                subprocess.run(["losetup", "-d", device])
            unmount(folder)
            server.wait(10)
