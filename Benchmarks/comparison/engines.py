"""An engine under measurement: loaded once, one forward pass per call.

Every engine has `name`, `version`, `run() -> Pass`, `output() -> array` of the latest pass, and `close()`.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

import numpy as np
from peers import formula


@dataclass
class Pass:
    """One forward pass. Bytes are None where an engine cannot tell."""

    wall_s: float
    cpu_s: float
    peak_bytes: int | None = None  # highest resident size during the pass
    base_bytes: int | None = None  # resident size with the network loaded, before the first pass
    first_wall_s: float | None = None  # of a pass right after one of another size
    cold_wall_s: float | None = None  # of the process's first pass


class Peer:
    """A peer's process, driven over the line protocol of `peers/protocol.py`."""

    def __init__(self, module, model, height, width, threads, variant=""):
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads))
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"peers.{module}", "--model", model, "--height", str(height),
             "--width", str(width), "--threads", str(threads), "--variant", variant],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        ready = self._answer()
        self.name, self.version = ready["name"], ready["version"]

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(self.process.args)}: ended with status {self.process.wait()}")
        return json.loads(line)

    def _request(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._answer()

    def run(self):
        return Pass(**self._request("run"))

    def output(self):
        with tempfile.TemporaryDirectory() as folder:
            return np.load(self._request(f"save {folder}/output.npy")["saved"])

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Ours:
    """`promptir bench`, one process per measurement: it loads, warms up, and times its passes itself.

    `bench --json` answers with `wall_seconds`, `cpu_seconds` (medians over its repetitions), `peak_bytes`,
    `base_bytes`, and the times of first passes.
    """

    def __init__(self, tool, model, height, width, threads, precision="float32"):
        self.tool, self.model, self.threads, self.precision = tool, model, threads, precision
        self.height, self.width, self.name = height, width, f"promptir {precision}"
        self.version = subprocess.run([tool, "--version"], capture_output=True, text=True).stdout.strip()

    def run(self):
        result = subprocess.run(
            [self.tool, "bench", "--model", self.model, "--size", f"{self.width}x{self.height}",
             "--threads", str(self.threads), "--precision", self.precision, "--repetitions", "1", "--json"],
            capture_output=True, text=True, check=True)
        report = json.loads(result.stdout)
        return Pass(
            report["wall_seconds"], report["cpu_seconds"], report.get("peak_bytes"), report.get("base_bytes"),
            report.get("first_wall_seconds"), report.get("cold_wall_seconds"))

    def output(self):
        return forward(self.tool, self.model, self.height, self.width, precision=self.precision)[0]

    def close(self):
        pass


class OursWhole(Ours):
    """`promptir forward`: the whole process counts, loading and file formats too. For a tool without `bench`."""

    def run(self):
        return forward(self.tool, self.model, self.height, self.width, self.threads)[1]


def forward(tool, model, height, width, threads=None, precision="float32"):
    """Output and cost of one `promptir forward` process on the formula's image."""
    with tempfile.TemporaryDirectory() as folder:
        np.save(f"{folder}/input.npy", formula.image(height, width))
        options = ["--threads", str(threads)] if threads else []
        # A child begins with the highest resident size that this process ever had: forget that of the arrays.
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
        start = time.monotonic()
        process = subprocess.Popen(
            [tool, "forward", "--model", model, "--input", f"{folder}/input.npy",
             "--output", f"{folder}/output.npy", "--precision", precision, *options])
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise RuntimeError(f"{tool} forward: exit status {process.returncode}")
        cost = Pass(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)
        return np.load(f"{folder}/output.npy"), cost


def open_ours(tool, *arguments):
    """Our engine by `bench` where the tool has it, by `forward` otherwise."""
    usage = subprocess.run([tool, "--help"], capture_output=True, text=True).stdout
    commands = [line.split()[0] for line in usage.splitlines() if line.startswith("  ") and line.split()]
    return (Ours if "bench" in commands else OursWhole)(tool, *arguments)
