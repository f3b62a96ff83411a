"""What `promptir-restored` costs beyond the network, and how fast it is ready.

batch: CPU-seconds of `--once` over pictures of 256x256, whole process, against as many bare forward passes on one
       thread (with many pictures waiting, the service gives each one core).
start: from exec to READY=1 on the notification socket, published network, page cache warm.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from . import engines
from .models import weights_file


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="Benchmarks/service", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--products", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--pictures", type=Path, help="a folder of 256x256 PNG files (default: the challenge's, "
                        "from $PROMPTIR_SHARED or ../shared)")
    parser.add_argument("--repetitions", type=int, default=5)
    return parser.parse_args()


def batch(options, model):
    shared = Path(os.environ.get("PROMPTIR_SHARED", options.root.parent / "shared"))
    pictures = sorted((options.pictures or shared / "data" / "hw4-test").glob("*.png"))
    if not pictures:
        print("batch: no pictures (name a folder with --pictures)")
        return
    engine = engines.open_ours(str(options.products / "promptir"), model, 256, 256, 1)
    passes = [engine.run().cpu_s for _ in range(options.repetitions)]
    with tempfile.TemporaryDirectory() as folder:
        inbox, outbox = Path(folder) / "in", Path(folder) / "out"
        inbox.mkdir()
        outbox.mkdir()
        for picture in pictures:
            shutil.copy(picture, inbox)
        start = time.monotonic()
        process = subprocess.Popen(
            [options.products / "promptir-restored", "--inbox", inbox, "--outbox", outbox, "--model", model,
             "--settle-seconds", "0.1", "--log-level", "error", "--once"])
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        restored = len(list(outbox.glob("*.png")))
    cpu, network = usage.ru_utime + usage.ru_stime, statistics.median(passes) * len(pictures)
    print(f"batch: {restored} of {len(pictures)} restored, status {process.returncode}, {wall:.2f} s wall, "
          f"{cpu:.2f} CPU-s; the network alone {network:.2f} CPU-s; overhead {cpu / network - 1:+.1%}; "
          f"peak {usage.ru_maxrss / 1024:.0f} MiB")


def ready_seconds(options, model):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "in").mkdir()
        (Path(folder) / "out").mkdir()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifications:
            notifications.bind(f"{folder}/notify")
            notifications.settimeout(60)
            start = time.monotonic()
            process = subprocess.Popen(
                [options.products / "promptir-restored", "--inbox", f"{folder}/in", "--outbox", f"{folder}/out",
                 "--model", model, "--log-level", "error"],
                env=dict(os.environ, NOTIFY_SOCKET=f"{folder}/notify"))
            try:
                while b"READY=1" not in notifications.recv(65536).split(b"\n"):
                    pass
                return time.monotonic() - start
            finally:
                process.terminate()
                process.wait()


def main():
    options = parse_arguments()
    batch(options, weights_file(options.work, "compact"))
    published = weights_file(options.work, "published")
    Path(published).read_bytes()
    times = [ready_seconds(options, published) for _ in range(options.repetitions)]
    print(f"start: READY after {statistics.median(times):.3f} s (median of {len(times)}; "
          f"{min(times):.3f} to {max(times):.3f}), published network in safetensors")


if __name__ == "__main__":
    main()
