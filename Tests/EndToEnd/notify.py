#!/usr/bin/env python3
"""What the daemon tells its service manager, read from a socket of our own: notify.py SERVICE WORK.

Starting, reloading with good and bad configurations, and stopping give a transcript, which is compared word for word
(G16). The watchdog's pings must stop when a worker or the watch loop hangs, go on through a slow picture, and come back
with the work (G17). What hangs is the filesystem: bindfs over the outbox or the inbox, stopped by SIGSTOP, so that the
daemon's own call never returns. SIGTERM at random moments of a start and of work must end it cleanly (G15).
"""
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
SERVICE, WORK = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
CHECKS = {"done": 0, "failed": 0}


def check(what, found, detail=""):
    CHECKS["done"] += 1
    CHECKS["failed"] += not found
    print(f"{'ok  ' if found else 'FAIL'} {what}" + ("" if found else f"\n     | {detail}"), flush=True)


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


class Daemon:
    """The daemon, with a socket to which it reports."""

    def __init__(self, folder, watchdog=None, **settings):
        self.folder, self.messages = folder, []
        self.settings = {"inbox": folder / "in", "outbox": folder / "out", "spool": folder / "spool",
                         "settle-seconds": 0.1, "rescan-seconds": 1, "bundle": False, **settings}
        for name in ("in", "out", "spool"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.configure()
        address = f"@promptir-{os.getpid()}-{random.getrandbits(40)}"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address.replace("@", "\0"))
        environment = {**os.environ, "NOTIFY_SOCKET": address}
        if watchdog:
            environment["WATCHDOG_USEC"] = str(int(watchdog * 1e6))
        self.log = open(folder / "log", "ab")
        self.process = subprocess.Popen([SERVICE, "--config", folder / "configuration.toml"], env=environment,
                                        stderr=self.log)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            text = self.socket.recv(65536).decode()
            self.messages += [(time.monotonic(), line) for line in text.splitlines()]

    def configure(self, **more):
        lines = []
        for key, value in {**self.settings, **more}.items():
            lines.append(f"{key} = " + (str(value).lower() if isinstance(value, (int, float)) else f'"{value}"'))
        (self.folder / "configuration.toml").write_text("\n".join(lines) + "\n")

    def steps(self):
        """The transcript without the counts, pings and numbers, which come when they come."""
        keys = ("READY", "RELOADING", "STOPPING", "MONOTONIC_USEC", "ERRNO")
        return [re.sub(r"(MONOTONIC_USEC)=\d+", r"\1=N", line) for _, line in self.messages if line.split("=")[0] in keys]

    def pings(self, since):
        return sum(line == "WATCHDOG=1" for when, line in self.messages if when >= since)

    def ready(self, count=1):
        return wait_for(lambda: self.steps().count("READY=1") == count, 30)

    def put(self, picture, name=None):
        part = self.folder / "in" / ".part"
        shutil.copyfile(picture, part)
        part.rename(self.folder / "in" / (name or picture.name))

    def outputs(self):
        return len([path for path in (self.folder / "out").rglob("*.png") if not path.name.startswith(".")])

    def claims(self):
        return [path for path in (self.folder / "spool" / "claimed").rglob("*.png")]

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(60)


def pictures(name, count, size):
    subprocess.run([sys.executable, HERE / "pictures.py", WORK / name, str(count), size], check=True)
    return sorted((WORK / name).iterdir())


def transcript():
    daemon = Daemon(WORK / "transcript")
    small = pictures("small", 3, "24x16")
    large = pictures("large", 1, "700x500")[0]
    check("start: READY", daemon.ready())
    check("start: the status says what it does", any("loading" in line for _, line in daemon.messages))
    daemon.configure(format="jpeg")
    daemon.process.send_signal(signal.SIGHUP)
    check("reload: READY again", daemon.ready(2), daemon.messages)
    daemon.put(small[0])
    check("reload: it is in force", wait_for(lambda: list((WORK / "transcript/out").glob("*.jp*g")), 30))
    for index, bad in enumerate(({"wrokers": 3}, {"format": "gif"}, {"workers": 0}, {"model": "/nowhere"})):
        daemon.configure(**{"format": "png", **bad})
        daemon.process.send_signal(signal.SIGHUP)
        check(f"reload: refused, and READY all the same: {bad}", daemon.ready(3 + index), daemon.steps())
    (daemon.folder / "configuration.toml").write_text("inbox = [")
    daemon.process.send_signal(signal.SIGHUP)
    check("reload: no TOML is refused", daemon.ready(7), daemon.steps())
    check("reload: the status says that it was refused", any("was refused" in line for _, line in daemon.messages[-3:]),
          daemon.messages[-3:])
    daemon.put(small[1])
    check("reload: the old configuration stays", wait_for(
        lambda: len(list((WORK / "transcript/out").glob("*.jp*g"))) == 2, 30))
    # A picture in flight keeps what it began with.
    daemon.put(large)
    wait_for(daemon.claims, 30)
    time.sleep(0.1)
    daemon.configure(format="png")
    daemon.process.send_signal(signal.SIGHUP)
    check("reload: while a picture is at work", daemon.ready(8), daemon.steps())
    check("reload: and no longer that one was refused", wait_for(
        lambda: "was refused" not in [line for _, line in daemon.messages if line.startswith("STATUS=")][-1], 10))
    check("reload: the picture in flight keeps its configuration", wait_for(
        lambda: (WORK / f"transcript/out/{large.stem}.jpg").exists(), 60))
    daemon.put(small[2])
    check("reload: the next one has the new one", wait_for((WORK / f"transcript/out/{small[2].name}").exists, 30))
    check("stop: 0", daemon.stop() == 0)
    time.sleep(0.2)
    expected = ["READY=1"] + ["RELOADING=1", "MONOTONIC_USEC=N", "READY=1"] * 7 + ["STOPPING=1"]
    check("the transcript", daemon.steps() == expected, daemon.steps())
    check("the log names what was refused", "wrokers" in (daemon.folder / "log").read_text())


class Frozen:
    """A folder on FUSE whose server can be stopped, so that calls on it do not return."""

    def __init__(self, below, folder):
        below.mkdir(parents=True)
        folder.mkdir(parents=True)
        self.folder = folder
        # In the foreground: to be stopped by its number.
        self.server = subprocess.Popen(["bindfs", "-f", below, folder], stderr=subprocess.DEVNULL)
        if not wait_for(lambda: os.path.ismount(folder), 10):
            raise RuntimeError("bindfs does not mount")

    def freeze(self):
        self.server.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.server.send_signal(signal.SIGCONT)

    def end(self):
        self.thaw()
        subprocess.run(["umount", "-l", self.folder], check=False)
        self.server.terminate()
        self.server.wait()


def watchdog():
    small = pictures("small", 3, "24x16")
    if not shutil.which("bindfs") or not os.path.exists("/dev/fuse") or os.geteuid() != 0:
        print("skip what hangs: needs root, bindfs and /dev/fuse")
    else:
        for what in ("worker", "watch loop"):
            folder = WORK / ("hung-" + what.replace(" ", "-"))
            frozen = Frozen(folder / "below", folder / ("out" if what == "worker" else "in"))
            settings = {"stall-seconds": 2}
            if what == "watch loop":
                settings["spool"] = folder / "in" / ".spool"
            daemon = Daemon(folder, watchdog=1, **settings)
            check(f"hung {what}: READY", daemon.ready())
            time.sleep(1.5)
            check(f"hung {what}: pings before", daemon.pings(time.monotonic() - 1.2) >= 2)
            if what == "worker":
                # Claimed from an ordinary inbox; the output's first write hangs.
                frozen.freeze()
                daemon.put(small[0])
            else:
                frozen.freeze()
            time.sleep(6)
            since = time.monotonic()
            time.sleep(2)
            check(f"hung {what}: the pings have stopped", daemon.pings(since) == 0, daemon.messages[-5:])
            log = (folder / "log").read_text()
            check(f"hung {what}: the log says what hangs", "the watchdog is not notified" in log, log[-500:])
            frozen.thaw()
            since = time.monotonic()
            check(f"hung {what}: they come back with the work", wait_for(lambda: daemon.pings(since) >= 2, 20))
            if what == "watch loop":
                daemon.put(small[0])
            check(f"hung {what}: the picture is restored", wait_for(lambda: daemon.outputs() == 1, 30))
            check(f"hung {what}: a clean end", daemon.stop() == 0)
            frozen.end()
    # Slow is not hung: one picture takes many times the budget.
    daemon = Daemon(WORK / "slow", watchdog=1, **{"stall-seconds": 1, "tta": True, "threads": 1})
    daemon.ready()
    begin = time.monotonic()
    daemon.put(pictures("slow-picture", 1, "640x480")[0])
    wait_for(daemon.claims, 10)
    check("slow picture: restored", wait_for(lambda: daemon.outputs() == 1, 300))
    took = time.monotonic() - begin
    times = [when for when, line in daemon.messages if line == "WATCHDOG=1" and when >= begin]
    gap = max((after - before for before, after in zip(times, times[1:])), default=99)
    print(f"     {took:.1f} s for one picture with a budget of 1 s; longest time without a ping {gap:.1f} s")
    check("slow picture: it took longer than the budget", took > 2, took)
    check("slow picture: the pings went on", gap < 2.5, gap)
    check("slow picture: a clean end", daemon.stop() == 0)


def stops():
    """SIGTERM at random moments: 0 in time, claims returned, nothing lost."""
    numbers = random.Random(15)
    many = pictures("many", 12, "120x90")
    longest, early, wrong = 0.0, 0, []
    for round_number in range(16):
        folder = WORK / f"stop-{round_number}"
        daemon = Daemon(folder, **{"drain-seconds": numbers.choice([0, 1, 5])})
        for picture in many:
            daemon.put(picture)
        time.sleep(numbers.random() * 1.2)
        begin = time.monotonic()
        # In the first milliseconds nobody listens yet, and the signal ends the process: nothing is begun then.
        early += "READY=1" not in daemon.steps()
        code = daemon.stop()
        longest = max(longest, time.monotonic() - begin)
        left = [path for place in ("in", "spool/waiting") for path in (folder / place).rglob("*.png")]
        fine = code in (0, -signal.SIGTERM) and (code == 0 or "READY=1" not in daemon.steps()) and not daemon.claims() \
            and len(left) + daemon.outputs() == len(many)
        if not fine:
            wrong.append((round_number, code, daemon.claims(), len(left), daemon.outputs(), daemon.steps()))
    print(f"     16 stops, {early} of them before READY, longest {longest:.1f} s")
    check("stops: 0, claims returned, nothing lost", not wrong, wrong)
    check("stops: in time", longest < 12, longest)


def main():
    random.seed(1)
    transcript()
    watchdog()
    stops()
    print(f"{CHECKS['done'] - CHECKS['failed']} of {CHECKS['done']} checks passed")
    sys.exit(1 if CHECKS["failed"] else 0)


main()
