#!/usr/bin/env python3
"""Delivers a picture in one of the ways in which files come: deliver.py METHOD SOURCE INBOX NAME.

Without arguments prints the methods that can be used here, and on standard error why another cannot. The picture
appears as INBOX/NAME, or below INBOX/METHOD/ where a folder is delivered.
"""
import ctypes
import mmap
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time


def run(*command):
    subprocess.run(command, check=True)


def beside(inbox):
    """A folder on the inbox's filesystem, outside of it."""
    return tempfile.mkdtemp(prefix="outside.", dir=os.path.dirname(inbox))


def copy(source, inbox, name):
    run("cp", "--", source, f"{inbox}/{name}")


def move(source, inbox, name):
    path = f"{beside(inbox)}/{name}"
    shutil.copyfile(source, path)
    run("mv", "--", path, f"{inbox}/")


def move_across(source, inbox, name):
    with tempfile.TemporaryDirectory(dir=other_filesystem(inbox)) as folder:
        shutil.copyfile(source, f"{folder}/{name}")
        run("mv", "--", f"{folder}/{name}", f"{inbox}/")


def link(source, inbox, name):
    path = f"{beside(inbox)}/{name}"
    shutil.copyfile(source, path)
    os.link(path, f"{inbox}/{name}")


def unnamed(source, inbox, name):
    file = os.open(inbox, os.O_TMPFILE | os.O_WRONLY, 0o644)
    os.write(file, pathlib.Path(source).read_bytes())
    libc = ctypes.CDLL(None, use_errno=True)
    at_cwd, follow = -100, 0x400
    if libc.linkat(at_cwd, f"/proc/self/fd/{file}".encode(), at_cwd, f"{inbox}/{name}".encode(), follow) != 0:
        raise OSError(ctypes.get_errno(), "linkat")
    os.close(file)


def rsync(source, inbox, name):
    run("rsync", "-t", source, f"{inbox}/{name}")


def rsync_inplace(source, inbox, name):
    # Slow enough to be seen half there.
    run("rsync", "--inplace", "--bwlimit=8", source, f"{inbox}/{name}")


def folder(source, inbox, name):
    path = f"{beside(inbox)}/folder"
    os.makedirs(f"{path}/inner")
    shutil.copyfile(source, f"{path}/inner/{name}")
    os.rename(path, f"{inbox}/folder")


def mapped(source, inbox, name):
    data = pathlib.Path(source).read_bytes()
    with open(f"{inbox}/{name}", "w+b") as file:
        file.truncate(len(data))
        with mmap.mmap(file.fileno(), len(data)) as view:
            for start in range(0, len(data), 512):
                view[start:start + 512] = data[start:start + 512]
                time.sleep(0.05)


def partial(source, inbox, name):
    data = pathlib.Path(source).read_bytes()
    path = f"{inbox}/{name}.part"
    for end in (len(data) // 2, len(data)):
        pathlib.Path(path).write_bytes(data[:end])
        time.sleep(0.3)
    os.rename(path, f"{inbox}/{name}")


def slow(source, inbox, name, reopening=False):
    """Writes in eight pieces with random pauses; another closes the file after each."""
    data = pathlib.Path(source).read_bytes()
    size = len(data) // 8 + 1
    file = open(f"{inbox}/{name}", "wb", buffering=0)
    for start in range(0, len(data), size):
        file.write(data[start:start + size])
        if reopening:
            file.close()
        # Longer than the settle time for who keeps it open, shorter for who does not.
        time.sleep((0.1 if reopening else 0.5) * (1 + os.urandom(1)[0] / 255))
        if reopening:
            file = open(f"{inbox}/{name}", "ab", buffering=0)
    file.close()


def reopened(source, inbox, name):
    slow(source, inbox, name, reopening=True)


METHODS = {method.__name__: method for method in (
    copy, move, move_across, link, unnamed, rsync, rsync_inplace, folder, mapped, partial, slow, reopened)}


def other_filesystem(inbox):
    for path in ("/dev/shm", tempfile.gettempdir(), os.path.expanduser("~")):
        if os.access(path, os.W_OK) and os.stat(path).st_dev != os.stat(inbox).st_dev:
            return path
    return None


def main():
    if len(sys.argv) > 1:
        METHODS[sys.argv[1]](*sys.argv[2:5])
        return
    for method in METHODS:
        if method.startswith("rsync") and not shutil.which("rsync"):
            print(f"skipped {method}: there is no rsync (apt-get install rsync)", file=sys.stderr)
        elif method == "move_across" and not other_filesystem(tempfile.gettempdir()):
            print(f"skipped {method}: there is no second filesystem to write to", file=sys.stderr)
        else:
            print(method)


main()
