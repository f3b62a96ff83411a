"""What root sees during the hostile soak: the unit's state, memory and log, its outputs, what lies in the spool."""
import collections
import hashlib
import json
import os
import pathlib
import statistics
import subprocess
import threading
import time

import decode
from hostile_pictures import SIGNATURE

UNIT = "promptir-restored.service"


def properties(*names):
    shown = subprocess.run(["systemctl", "show", "--property", ",".join(names), UNIT], capture_output=True, text=True,
                           check=True).stdout
    return dict(line.split("=", 1) for line in shown.splitlines())


def numbers_of(path):
    """A file of lines `name number`, such as memory.stat."""
    return {name: int(value) for name, value in (line.split() for line in path.read_text().splitlines())}


class Memory:
    """The unit's control group, of either version of the kernel's interface."""

    def __init__(self, process):
        lines = pathlib.Path(f"/proc/{process}/cgroup").read_text().splitlines()
        groups = dict(line.split(":", 2)[1:] for line in lines)
        self.is_old = any("memory" in name.split(",") for name in groups)
        if self.is_old:
            group = next(path for names, path in groups.items() if "memory" in names.split(","))
            self.folder = pathlib.Path("/sys/fs/cgroup/memory" + group)
        else:
            self.folder = next(pathlib.Path(top + groups[""]) for top in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
                               if pathlib.Path(top + groups[""], "memory.max").exists())

    def read(self, old, new):
        return int((self.folder / (old if self.is_old else new)).read_text())

    @property
    def limit(self):
        return self.read("memory.limit_in_bytes", "memory.max")

    @property
    def peak(self):
        """With the page cache, which the kernel gives back before it ends anybody."""
        return self.read("memory.max_usage_in_bytes", "memory.peak")

    @property
    def own(self):
        """What cannot be given back: the process's own memory, and the kernel's for it."""
        stat = numbers_of(self.folder / "memory.stat")
        if not self.is_old:
            return stat["anon"] + stat.get("shmem", 0), stat.get("kernel", 0)
        return stat["total_rss"] + stat.get("total_shmem", 0), self.read("memory.kmem.usage_in_bytes", "")

    @property
    def kills(self):
        file = self.folder / ("memory.oom_control" if self.is_old else "memory.events")
        return numbers_of(file).get("oom_kill", 0)


class Log:
    """Follows the unit's journal."""

    def __init__(self, token, problems):
        self.token, self.problems = token, problems
        self.minutes, self.events = collections.Counter(), collections.Counter()
        self.lines = self.bytes = 0
        self.restored = collections.Counter()
        self.reader = subprocess.Popen(
            ["journalctl", "--unit", UNIT, "--follow", "--lines", "all", "--output", "json", "--all"],
            stdout=subprocess.PIPE)
        self.thread = threading.Thread(target=self.follow, daemon=True)
        self.thread.start()

    def follow(self):
        begin = time.monotonic()
        for line in self.reader.stdout:
            entry = json.loads(line)
            message = entry.get("MESSAGE", "")
            self.lines += 1
            self.minutes[int((time.monotonic() - begin) / 60)] += 1
            own = {name: value for name, value in entry.items() if name == "MESSAGE" or name.startswith("PROMPTIR_")}
            self.bytes += sum(len(value) for value in own.values())
            self.events[entry.get("PROMPTIR_EVENT", "none of the service's")] += 1
            # A text with control characters, or one that is no UTF-8, is shown as an array of numbers.
            if not isinstance(message, str) or any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in message):
                self.problems.append(f"a control character in the journal: {message!r}")
            elif message.startswith("forged") or "FORGED" in entry or int(entry.get("PRIORITY", 6)) <= 2:
                self.problems.append(f"a forged or critical line in the journal: {message!r}")
            elif "watchdog" in message.lower():
                self.problems.append(f"the watchdog: {message}")
            elif entry.get("_TRANSPORT") in ("stdout", "syslog"):
                self.problems.append(f"something other than a log line was written: {message!r}")
            if entry.get("PROMPTIR_EVENT") == "picture-restored" and self.token in str(entry.get("PROMPTIR_INPUT")):
                self.restored[entry["PROMPTIR_INPUT"]] += 1

    def close(self):
        time.sleep(1)
        self.reader.terminate()
        self.thread.join(5)


class Watch:
    """Samples the unit, reads its status, clears old rubbish out of the spool and the outbox, and looks at it first."""

    def __init__(self, state, token, secrets, problems):
        self.state, self.token, self.secrets, self.problems = state, token, secrets, problems
        self.spool, self.outbox = state / "spool", state / "outbox"
        self.start = properties("MainPID", "NRestarts")
        self.process = int(self.start["MainPID"])
        self.memory = Memory(self.process)
        self.samples, self.failures, self.most_stored = [], collections.Counter(), 0
        self.limit, self.peak = self.memory.limit >> 20, 0
        self.statuses = self.outputs = 0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.repeat, args=args, daemon=True)
                        for args in ((self.sample, 3), (self.read_status, 0.5), (self.clear, 10))]
        for thread in self.threads:
            thread.start()

    def repeat(self, work, pause):
        while not self.over.wait(pause) and len(self.problems) < 50:
            try:
                work()
            except Exception as error:  # noqa: BLE001: the soak itself failed, or the process is gone
                self.problems.append(f"{work.__name__}: {error!r}")

    def sample(self):
        now = properties("MainPID", "NRestarts", "ActiveState", "Result")
        if now != {**self.start, "ActiveState": "active", "Result": "success"}:
            self.problems.append(f"the unit is no longer what it was: {now}")
        process = pathlib.Path(f"/proc/{self.process}")
        status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        own, kernel = self.memory.own
        self.samples.append({
            "resident memory (MB)": int(status["VmRSS"].split()[0]) >> 10,
            "its peak (MB)": int(status["VmHWM"].split()[0]) >> 10,
            "own memory of the group (MB)": own >> 20, "the kernel's for it (MB)": kernel >> 20,
            "descriptors": len(os.listdir(process / "fd")), "threads": int(status["Threads"]),
            "watches": sum((process / "fdinfo" / entry).read_text().count("inotify wd") for entry in self.inotify())})
        self.peak = self.memory.peak >> 20
        if self.memory.kills:
            self.problems.append("the kernel ended a process of the unit for its memory")

    def inotify(self):
        folder = pathlib.Path(f"/proc/{self.process}/fd")
        for entry in os.listdir(folder):
            try:
                if "inotify" in os.readlink(folder / entry):
                    yield entry
            except FileNotFoundError:
                pass  # Closed meanwhile.

    def read_status(self):
        json.loads((self.spool / "status.json").read_text())
        self.statuses += 1

    def clear(self, age=20):
        """Removes files that are not the good member's, and empty folders. What is in the spool and in the outbox may
        be cleared by hand at any time; limits in the configuration would act every ten minutes only."""
        stored = 0
        for top in (self.spool / "archive", self.spool / "failed", self.outbox):
            for place, folders, files in os.walk(os.fsencode(top), topdown=False):
                for name, is_file in [(name, True) for name in files] + [(name, False) for name in folders]:
                    path = place + b"/" + name
                    try:
                        status = os.lstat(path)
                        stored += status.st_blocks * 512
                        if self.is_kept(place, name, top) or time.time() - status.st_ctime < age:
                            continue
                        if is_file:
                            self.inspect(path, status, top)
                            os.unlink(path)
                        else:
                            os.rmdir(path)
                    except OSError:
                        pass  # Taken away meanwhile, or a folder that is not empty.
        self.most_stored = max(self.most_stored, stored)

    def is_kept(self, place, name, top):
        if self.token.encode() in place + name:
            if top.name == "failed":
                self.problems.append(f"a good picture in failed/: {name!r}")
            return True
        return top == self.outbox and (name.startswith(b".") or name in (b"pred.npz", b"submission.zip"))

    def inspect(self, path, status, top):
        if top == self.outbox:
            self.outputs += 1
            with open(path, "rb") as file:
                data = file.read()
            is_whole = data.endswith(b"IEND\xaeB`\x82") if data.startswith(SIGNATURE) else data.endswith(b"\xff\xd9")
            if not is_whole:
                self.problems.append(f"visible but not whole: {path!r}")
        elif path.endswith(b".json"):
            with open(path, "rb") as file:
                self.failures[json.load(file)["code"]] += 1
        # Whatever has a secret's size is read: no link may have led to it.
        if status.st_size in self.secrets.values():
            with open(path, "rb") as file:
                if hashlib.sha256(file.read()).hexdigest() in self.secrets:
                    self.problems.append(f"a secret came out: {path!r}")

    def close(self):
        self.over.set()
        for thread in self.threads:
            thread.join()

    @property
    def most_memory(self):
        """In MB, of what cannot be given back."""
        return max((sample["own memory of the group (MB)"] + sample["the kernel's for it (MB)"]
                    for sample in self.samples), default=0)

    def figures(self):
        for name in self.samples[0] if self.samples else []:
            values = [sample[name] for sample in self.samples]
            quarter = max(1, len(values) // 4)
            print(f"  {name}: median {statistics.median(values[quarter:2 * quarter] or values):.0f} early, "
                  f"{statistics.median(values[-quarter:]):.0f} late; most {max(values)}")
        print(f"  control group: {self.peak} MB at the peak with the page cache, limit {self.limit} MB")
        print("  given up: " + ", ".join(f"{code} {count}" for code, count in self.failures.most_common()))
        print(f"  {self.outputs} outputs of hostile pictures whole, {self.statuses} statuses valid, at most "
              f"{self.most_stored >> 20} MB in spool and outbox")


class Goods:
    """The good member's pictures: when they were delivered, and when their outputs were there."""

    def __init__(self, outbox, problems):
        self.outbox, self.problems = outbox, problems
        self.pending, self.all, self.latencies = {}, {}, []
        self.lock = threading.Lock()

    def deliver(self, line):
        picture = json.loads(line)
        with self.lock:
            self.pending[picture["name"]] = self.all[picture["name"]] = picture

    def look(self, limit):
        """Checks what is new in the outbox; gives each such picture and how long it took."""
        now, through = time.monotonic(), []
        with self.lock:
            pending = list(self.pending.values())
        for picture in pending:
            path = self.outbox / picture["name"]
            if path.exists():
                self.check(picture, path.read_bytes())
                self.latencies.append(max(0, now - picture["at"]))
                through.append((picture, self.latencies[-1]))
            elif now - picture["at"] > limit:
                self.problems.append(f"not restored within {limit} s: {picture}")
            else:
                continue
            with self.lock:
                del self.pending[picture["name"]]
        return through

    def check(self, picture, data):
        try:
            if picture["format"] == "png":
                decode.check(data)
                size = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
            else:
                shown = subprocess.run(["djpeg", "-pnm"], input=data, capture_output=True, check=True).stdout
                size = tuple(map(int, shown.split(maxsplit=3)[1:3]))
            assert size == (picture["width"], picture["height"]), size
        except Exception as error:  # noqa: BLE001: whatever is wrong with it
            self.problems.append(f"the output is not what it should be: {picture}: {error!r}")
