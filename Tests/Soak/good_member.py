"""The good member of the hostile soak: good_member.py INBOX HOME TOKEN SEED [CJPEG]

Delivers one small good picture every second or two, in the ways in which files come, until it is asked to end
(SIGTERM). Prints one JSON object for each when it is delivered: its name, size, format, digest, way, and the monotonic
time.
"""
import ctypes
import hashlib
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

from hostile_pictures import png, random_rows

LIBC = ctypes.CDLL(None)


class GoodMember:
    def __init__(self, inbox, home, token, seed, cjpeg=None):
        self.inbox, self.home, self.token = pathlib.Path(inbox), pathlib.Path(home), token
        self.numbers = random.Random(f"good {seed}")
        self.cjpeg = cjpeg
        self.is_over = False
        signal.signal(signal.SIGTERM, self.end)

    def end(self, *_):
        self.is_over = True

    def picture(self):
        """A picture that no other call makes: bytes, format, width, height."""
        width, height = self.numbers.randint(8, 48), self.numbers.randint(8, 48)
        rows = random_rows(self.numbers, width, height)
        if not self.cjpeg or self.numbers.random() < 0.5:
            return png(width, height, rows), "png", width, height
        step = 3 * width + 1
        pixels = b"".join(rows[start + 1:start + step] for start in range(0, len(rows), step))
        run = subprocess.run([self.cjpeg, "-quality", "90"], input=b"P6\n%d %d\n255\n" % (width, height) + pixels,
                             capture_output=True, check=True)
        return run.stdout, "jpg", width, height

    def write(self, path, data, pause=0.0):
        """Mode 0640: the group may read it, and no other member may write to it or link to it."""
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        for start in range(0, len(data), len(data) // 3 + 1):
            os.write(file, data[start:start + len(data) // 3 + 1])
            time.sleep(pause)
        os.close(file)

    def folder(self, path):
        path.mkdir()
        # The service takes pictures by renaming them, so its group must be able to write.
        path.chmod(0o2770)

    def deliver(self, way, name, data):
        path, outside = self.inbox / name, self.home / name.replace("/", "_")
        if "/" in name and way != "folder" and not path.parent.exists():
            self.folder(path.parent)
        if way == "copy":
            self.write(path, data)
        elif way == "slow":
            self.write(path, data, 0.3)
        elif way == "partial":
            part = path.with_name(path.name + ".part")
            self.write(part, data, 0.1)
            part.rename(path)
        elif way == "unnamed":
            file = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, 0o640)
            os.write(file, data)
            if LIBC.linkat(-100, b"/proc/self/fd/%d" % file, -100, os.fsencode(path), 0x400) != 0:
                raise OSError("linkat")
            os.close(file)
        elif way == "folder":
            folder = self.home / path.parent.name
            self.folder(folder)
            self.write(folder / path.name, data)
            folder.rename(path.parent)
        else:
            self.write(outside, data)
            if way == "link":
                os.link(outside, path)
                outside.unlink()
            else:
                outside.rename(path)

    def run(self):
        number = 0
        while not self.is_over:
            data, kind, width, height = self.picture()
            way = self.numbers.choice(["move", "copy", "link", "slow", "partial", "unnamed", "folder"])
            name = f"good-{self.token}-{number:05d}.{kind}"
            if way == "folder":
                name = f"good-{self.token}-new-{number:05d}/{name}"
            elif self.numbers.random() < 0.3:
                name = f"good-{self.token}-own-{self.numbers.randrange(5)}/{name}"
            self.deliver(way, name, data)
            print(json.dumps({"name": name, "at": time.monotonic(), "format": kind, "width": width, "height": height,
                              "way": way, "digest": hashlib.sha256(data).hexdigest()}), flush=True)
            number += 1
            time.sleep(self.numbers.uniform(0.6, 1.8))


if __name__ == "__main__":
    os.umask(0o007)
    GoodMember(*sys.argv[1:]).run()
