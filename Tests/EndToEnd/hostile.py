#!/usr/bin/env python3
"""Fills an inbox with what does not belong there, or swaps names while the service works: hostile.py TASK INBOX SECRET
PICTURE [SECONDS].

SECRET is a picture outside of the inbox that must never be read; PICTURE is a good one.
  fill   makes links, fifos, sockets, devices, folders named like pictures, and names of all kinds of bytes; prints the
         number of pictures to be restored
  swap   exchanges a picture with a link to SECRET, with a fifo, and with a folder, as fast as it can, for SECONDS
"""
import ctypes
import os
import shutil
import socket
import stat
import sys
import time

AT_FDCWD, EXCHANGE = -100, 2
LIBC = ctypes.CDLL(None)


def fill(inbox: bytes, secret: bytes, picture: bytes) -> None:
    def at(name: bytes) -> bytes:
        return inbox + b"/" + name

    outside = os.path.dirname(secret)
    os.symlink(secret, at(b"link.png"))
    os.symlink(b"../" + os.path.basename(outside) + b"/" + os.path.basename(secret), at(b"up.png"))
    os.symlink(outside, at(b"linked-folder"))
    os.symlink(b".", at(b"circle"))
    os.symlink(b"/nowhere", at(b"nowhere.png"))
    os.mkfifo(at(b"fifo.png"))
    os.mkdir(at(b"pipes"))
    os.mkfifo(at(b"pipes/fifo.jpg"))
    server = socket.socket(socket.AF_UNIX)
    server.bind(at(b"socket.png"))
    if os.geteuid() == 0:
        for kind, number, name in ((stat.S_IFCHR, os.makedev(1, 3), b"null.png"),
                                   (stat.S_IFCHR, os.makedev(1, 5), b"zero.png"),
                                   (stat.S_IFBLK, os.makedev(7, 250), b"disk.png")):
            os.mknod(at(name), kind | 0o666, number)
    names = [b"good.png", b"\xff\xfe.png", b"new\nline.png", b"-rf.png", b"--help.png", b"back\\slash.png", b"x" * 251 + b".png",
             b"Case.png", b"case.png", b"esc\x1b[31m.png", b" .png", b"quote'\".png", "é.png".encode(),
             "e\u0301.png".encode(), b"%s%n.png", b"twin.png", b"$(touch owned).png"]
    os.mkdir(at(b"folder.png"))
    names.append(b"folder.png/inner.png")
    for name in names:
        # Whole at once, under a name that is left alone until then.
        shutil.copyfile(picture, at(b".arriving"))
        os.rename(at(b".arriving"), at(name))
    # A hard link delivers; the name outside stays.
    shutil.copyfile(picture, outside + b"/other.png")
    os.link(outside + b"/other.png", at(b"hard.png"))
    print(len(names) + 1)


def swap(inbox: bytes, secret: bytes, picture: bytes, seconds: float) -> None:
    end = time.monotonic() + seconds
    others = [inbox + b"/.link", inbox + b"/.fifo", inbox + b"/.folder"]
    os.symlink(secret, others[0])
    os.mkfifo(others[1])
    os.mkdir(others[2])
    count, round_number = 0, 0
    while time.monotonic() < end:
        name = inbox + b"/swapped-%d.png" % round_number
        round_number += 1
        shutil.copyfile(picture, inbox + b"/.arriving")
        os.rename(inbox + b"/.arriving", name)
        until = time.monotonic() + 0.35
        while time.monotonic() < until:
            for other in others:
                # At one stroke there and back: whoever looks and then opens by name is had.
                count += LIBC.renameat2(AT_FDCWD, name, AT_FDCWD, other, EXCHANGE) == 0
                count += LIBC.renameat2(AT_FDCWD, name, AT_FDCWD, other, EXCHANGE) == 0
        # A link to the secret keeps the name now and then.
        if round_number % 5 == 0:
            LIBC.renameat2(AT_FDCWD, name, AT_FDCWD, others[0], EXCHANGE)
            if os.path.exists(others[0]) and not os.path.islink(others[0]):
                os.unlink(others[0])
            if not os.path.lexists(others[0]):
                os.symlink(secret, others[0])
    print(count)


def main() -> None:
    task, inbox, secret, picture = sys.argv[1], *map(os.fsencode, sys.argv[2:5])
    if task == "fill":
        fill(inbox, secret, picture)
    else:
        swap(inbox, secret, picture, float(sys.argv[5]))


main()
