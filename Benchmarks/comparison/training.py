"""A training step of both networks (forward, mean squared error, backward, AdamW), ours and PyTorch's taking turns.

Ours runs as one process per turn with a step to warm up; PyTorch's stays and has warmed up too. That the gradients
are the same is for the tests to show (Tests/TrainingTests/Gradients).
"""

import argparse
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

    def __init__(self, case, threads):
        network, batch, height, width = case
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "peers.pytorch_training", "--network", network, "--batch", str(batch),
             "--height", str(height), "--width", str(width), "--threads", str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        ready = self._answer()
        self.name, self.version = ready["name"], ready["version"]


def our_step(options, case, threads):
    """The report of one `promptir bench --train`."""
    network, batch, height, width = case
    command = [options.products / "promptir", "bench", "--train", "--config", network, "--batch", str(batch),
               "--size", f"{width}x{height}", "--threads", str(threads), "--repetitions", str(options.steps), "--json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def compare(options, case, threads):
    peer = PyTorch(case, threads)
    try:
        first = peer.run()
        theirs, ours = [], []
        for _ in range(options.repetitions):
            ours.append(our_step(options, case, threads))
            theirs.append(peer.run())
            # Its threads may still spin after the step; let them fall asleep.
            time.sleep(0.3)
    finally:
        peer.close()

    def median(values):
        return statistics.median(values)

    return {
        "title": f"{case[0]}, {case[1]}×{case[2]}×{case[3]}", "threads": threads,
        "ours_wall": median(run["wall_seconds"] for run in ours), "ours_cpu": median(run["cpu_seconds"] for run in ours),
        "theirs_wall": median(run.wall_s for run in theirs), "theirs_cpu": median(run.cpu_s for run in theirs),
        "gflop": ours[0]["nominal_gflop"], "ours_bytes": max(run["peak_bytes"] for run in ours),
        "theirs_bytes": max(run.peak_bytes for run in [first, *theirs]), "version": peer.version,
    }


HEADINGS = ("network, batch", "threads", "ours ms", "PyTorch ms", "PyTorch ÷ ours", "ours CPU-ms", "PyTorch CPU-ms",
            "CPU ÷ ours", "ours GFLOP/s", "ours MB", "PyTorch MB")


def cells(row):
    return (row["title"], str(row["threads"]), f"{1e3 * row['ours_wall']:.0f}", f"{1e3 * row['theirs_wall']:.0f}",
            f"{row['theirs_wall'] / row['ours_wall']:.2f}", f"{1e3 * row['ours_cpu']:.0f}",
            f"{1e3 * row['theirs_cpu']:.0f}", f"{row['theirs_cpu'] / row['ours_cpu']:.2f}",
            f"{row['gflop'] / row['ours_wall']:.0f}", f"{1e-6 * row['ours_bytes']:.0f}",
            f"{1e-6 * row['theirs_bytes']:.0f}")


def main():
    options = parse_arguments()
    before = machine.describe(options.root)
    print("  ".join(HEADINGS), flush=True)
    rows = []
    for case in CASES:
        if case[0] in options.networks:
            for threads in options.threads:
                rows.append(compare(options, case, threads))
                print("  ".join(cells(rows[-1])), flush=True)
    after = machine.describe(options.root)["load_average"]
    lines = [
        f"{machine.today()}, {before['processor']}, {before['cores']} cores; load average "
        f"{before['load_average']:.2f} before and {after:.2f} after; PyTorch {rows[0]['version']}; "
        f"commit {before['commit']}; medians of {options.repetitions}.", "",
        "| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS)]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    if options.publish:
        table.replace_in(options.root / "docs" / "PERFORMANCE.md", "\n".join(lines), BEGIN)


if __name__ == "__main__":
    main()
