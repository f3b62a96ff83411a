"""The hostile member of the hostile soak: hostile_member.py NUMBER SEED CONTEXT

Does one deed after another, each in its turn of a shuffled list, until it is asked to end (SIGTERM), and clears away
what it made some time later. CONTEXT is a JSON object of paths and numbers. Prints one line for each deed (`did NAME`),
for what it should never have managed (`BROKEN TEXT`), and for a deed that did not work out (`odd NAME ERROR`).
"""
import collections
import ctypes
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

import hostile_pictures as pictures

LIBC = ctypes.CDLL(None, use_errno=True)
DEEDS = {}


def deed(function):
    DEEDS[function.__name__] = function
    return function


class Member:
    """What all deeds need: names, a way to put files down, work in the background, and a broom."""

    # How long what a deed made stays, and how many deeds work on in the background.
    LIFE, BACKGROUND = 25, 10

    def __init__(self, number, seed, context):
        self.context = context
        for name in ("inbox", "outbox", "spool", "home", "secret", "samples"):
            setattr(self, name, os.fsencode(context[name]))
        self.number = int(number)
        self.numbers = random.Random(f"hostile {number} {seed}")
        self.jpegs = [open(entry, "rb").read() for entry in os.scandir(self.samples) if entry.name.endswith(b".jpg")]
        self.count = 0
        self.rubbish = collections.deque()
        self.threads = []
        self.is_over = threading.Event()
        self.output = threading.Lock()
        signal.signal(signal.SIGTERM, lambda *_: self.is_over.set())
        # Whoever breaks its lease is told by this signal, which would end the process.
        signal.signal(signal.SIGIO, signal.SIG_IGN)

    def say(self, *words):
        with self.output:
            print(*words, flush=True)

    def fresh(self, end=b".png"):
        """A path in the inbox that no other has, to be cleared away later."""
        self.count += 1
        path = self.inbox + b"/h%d-%06d" % (self.number, self.count) + end
        self.rubbish.append((time.monotonic() + self.LIFE, path))
        return path

    def outside(self):
        """A path of the same filesystem outside of the inbox."""
        self.count += 1
        path = self.home + b"/h%d-%06d" % (self.number, self.count)
        self.rubbish.append((time.monotonic() + self.LIFE, path))
        return path

    def write(self, path, data, mode=0o660):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
        os.write(file, data)
        os.close(file)
        return path

    def put(self, data, path=None, mode=0o660):
        """Places a file whole, by a rename."""
        path = path or self.fresh(self.numbers.choice([b".png", b".jpg", b".JPEG", b".jfif", b".PNG"]))
        os.rename(self.write(self.outside(), data, mode), path)
        return path

    def folder(self, mode=0o2770, end=b""):
        path = self.fresh(end)
        os.mkdir(path)
        os.chmod(path, mode)
        return path

    def good(self):
        """A good picture, so that its place is worth the service's trouble."""
        return pictures.small_png(self.numbers)

    def jpeg(self):
        return self.numbers.choice(self.jpegs) if self.jpegs else b"\xff\xd8\xff\xe0" + self.numbers.randbytes(3000)

    def meanwhile(self, seconds, step, pause=0.01, end=None):
        """Repeats a step in the background, and not at all where enough is going on there."""
        until = time.monotonic() + seconds

        def work():
            while time.monotonic() < until and not self.is_over.is_set():
                try:
                    step()
                except (OSError, ValueError):
                    pass  # What it works on was taken away, as it should be.
                time.sleep(pause)
            if end:
                end()

        self.threads = [thread for thread in self.threads if thread.is_alive()]
        if len(self.threads) < self.BACKGROUND:
            self.threads.append(threading.Thread(target=work, daemon=True))
            self.threads[-1].start()
        elif end:
            end()

    def refuse(self, what, action):
        """Something that must fail."""
        try:
            action()
        except (OSError, ValueError):
            return
        self.say("BROKEN a member could", what)

    def sweep(self, everything=False):
        paths = []
        while self.rubbish and (everything or self.rubbish[0][0] < time.monotonic()):
            path = self.rubbish.popleft()[1]
            if os.path.lexists(path):
                paths.append(path)
        for start in range(0, len(paths), 500):
            part = paths[start:start + 500]
            folders = [path for path in part if os.path.isdir(path) and not os.path.islink(path)]
            if folders:
                subprocess.run(["chmod", "-R", "u+rwX", "--", *folders], stderr=subprocess.DEVNULL, check=False)
            subprocess.run(["rm", "-rf", "--", *part], stderr=subprocess.DEVNULL, check=False)

    def run(self, only, without):
        deck = []
        while not self.is_over.is_set():
            if not deck:
                deck = [name for name in DEEDS if (not only or name in only) and name not in without]
                self.numbers.shuffle(deck)
            name = deck.pop()
            try:
                DEEDS[name](self)
                self.say("did", name)
            except Exception as error:  # noqa: BLE001: a deed that is impossible here
                self.say("odd", name, repr(error))
            self.sweep()
            self.is_over.wait(self.numbers.uniform(0.3, 1.5))
        for thread in self.threads:
            thread.join(3)
        self.sweep(everything=True)


def main():
    number, seed, context = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    os.umask(0o002)
    import hostile_content  # noqa: F401: they add their deeds to the list
    import hostile_names  # noqa: F401
    import hostile_rights  # noqa: F401
    Member(number, seed, context).run(context["only"], context["without"])


if __name__ == "__main__":
    # The modules with the deeds know this one by its name.
    sys.modules["hostile_member"] = sys.modules["__main__"]
    main()
