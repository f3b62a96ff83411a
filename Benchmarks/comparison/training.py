"""A training step of both networks (forward, mean squared error, backward, AdamW), ours and PyTorch's taking turns.

Ours runs as one process per turn with a step to warm up; PyTorch's stays and has warmed up too. That the gradients
are the same is for the tests to show (Tests/TrainingTests/Gradients).
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from . import engines, machine, table

CASES = (("compact", 8, 64, 64), ("published", 1, 128, 128))
BEGIN = "<!-- begin: Benchmarks/training --publish -->"


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="Benchmarks/training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--products", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--networks", nargs="+", choices=[case[0] for case in CASES],
                        default=[case[0] for case in CASES])
    parser.add_argument("--threads", nargs="+", type=int, default=[2, 1])
    parser.add_argument("--repetitions", type=int, default=5, help="rounds (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=3, help="of ours in each turn; the median counts "
                        "(default: %(default)s)")
    parser.add_argument("--publish", action="store_true", help="write the table into docs/PERFORMANCE.md")
    return parser.parse_args()


class PyTorch(engines.Peer):
    """The peer's process; a request is a step."""

    def __init__(self, case, threads, autocast):
        network, batch, height, width = case
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "peers.pytorch_training", "--network", network, "--batch", str(batch),
             "--height", str(height), "--width", str(width), "--threads", str(threads),
             *(["--autocast"] if autocast else [])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        ready = self._answer()
        self.name, self.version = ready["name"], ready["version"]


class Ours:
    """A step in a precision; a process per turn."""

    def __init__(self, options, case, threads, precision):
        network, batch, height, width = case
        self.name = f"promptir {precision}"
        self.command = [
            options.products / "promptir", "bench", "--train", "--config", network, "--batch", str(batch), "--size",
            f"{width}x{height}", "--threads", str(threads), "--precision", precision, "--repetitions",
            str(options.steps), "--json"]

    def run(self):
        report = json.loads(subprocess.run(self.command, capture_output=True, text=True, check=True).stdout)
        self.gflop = report["nominal_gflop"]
        return engines.Pass(report["wall_seconds"], report["cpu_seconds"], report["peak_bytes"])

    def close(self):
        pass


def compare(options, case, threads):
    """A row for each contestant: medians of steps in turns."""
    ours = [Ours(options, case, threads, precision) for precision in precisions()]
    with contextlib.ExitStack() as stack:
        contestants = [*ours, *(PyTorch(case, threads, precision == "mixed") for precision in precisions())]
        for contestant in contestants:
            stack.callback(contestant.close)
        runs = [[contestant.run()] for contestant in contestants]
        for turn in range(options.repetitions):
            for place in range(len(contestants)):
                index = (place + turn) % len(contestants)
                runs[index].append(contestants[index].run())
                # Its threads may still spin after the step; let them fall asleep.
                time.sleep(0.3)
    rows = []
    for contestant, steps in zip(contestants, runs):
        rows.append({
            "title": f"{case[0]}, {case[1]}×{case[2]}×{case[3]}", "threads": threads, "name": contestant.name,
            # The first warmed up.
            "wall": statistics.median(step.wall_s for step in steps[1:]),
            "cpu": statistics.median(step.cpu_s for step in steps[1:]),
            "bytes": max(step.peak_bytes for step in steps), "version": getattr(contestant, "version", ""),
            "gflop": ours[0].gflop})
    for row in rows:
        row["ratios"] = [row["wall"] / own["wall"] for own in rows[:len(ours)]]
    return rows


def precisions():
    """PyTorch takes 25 times as long with autocast where the processor has no bfloat16."""
    return ["float32", "mixed"] if machine.has_bfloat16() else ["float32"]


def headings():
    return ("network, batch", "threads", "engine", "wall ms", *(f"÷ ours {one}" for one in precisions()), "CPU ms",
            "GFLOP/s", "peak MB")


def cells(row):
    return (row["title"], str(row["threads"]), row["name"], f"{1e3 * row['wall']:.0f}",
            *(f"{ratio:.2f}" for ratio in row["ratios"]), f"{1e3 * row['cpu']:.0f}",
            f"{row['gflop'] / row['wall']:.0f}", f"{1e-6 * row['bytes']:.0f}")


def main():
    options = parse_arguments()
    before = machine.describe(options.root)
    print("  ".join(headings()), flush=True)
    rows = []
    for case in CASES:
        if case[0] in options.networks:
            for threads in options.threads:
                compared = compare(options, case, threads)
                rows += compared
                for row in compared:
                    print("  ".join(cells(row)), flush=True)
    after = machine.describe(options.root)["load_average"]
    lines = [
        f"{machine.today()}, {before['processor']}, {before['cores']} cores; load average "
        f"{before['load_average']:.2f} before and {after:.2f} after; PyTorch {rows[-1]['version']}; "
        f"commit {before['commit']}; medians of {options.repetitions}.", "",
        "| " + " | ".join(headings()) + " |", "|" + "---|" * len(headings())]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    if options.publish:
        table.replace_in(options.root / "docs" / "PERFORMANCE.md", "\n".join(lines), BEGIN)


if __name__ == "__main__":
    main()
