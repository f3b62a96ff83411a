"""Compares our engine with PyTorch, ONNX Runtime and OpenVINO: all loaded at once, taking turns."""

import argparse
import contextlib
import json
import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from . import chart, engines, machine, profile, table
from .models import onnx_file, weights_file

# Multiply-adds count twice. Counted with PyTorch's FLOP counter, and so also where an engine executes fewer.
GFLOP_AT_256 = {"published": 345.4, "compact": 16.6}
PEERS = {"pytorch": "safetensors", "onnx_runtime": "onnx", "openvino_cpu": "onnx"}  # and what each reads
# The golden vectors are held to 1e-5; engines are told apart from wrong ones, not from float64, here.
LARGEST_DIFFERENCE = 5e-5


def parse_arguments():
    parser = argparse.ArgumentParser(prog="Benchmarks/run", description=__doc__)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--products", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--networks", nargs="+", choices=GFLOP_AT_256, default=list(GFLOP_AT_256))
    parser.add_argument("--threads", nargs="+", type=int, default=[2, 1])
    parser.add_argument("--size", default="256x256", help="WIDTHxHEIGHT, multiples of 8 (default: %(default)s)")
    parser.add_argument("--repetitions", type=int, default=5, help="rounds (default: %(default)s)")
    parser.add_argument("--registers", type=int, choices=[256], help="let nobody use wider vector registers, as on "
                        "a processor without AVX-512 (ONNX Runtime has no switch for it)")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    parser.add_argument("--without-ours", action="store_true", help="measure the peers alone")
    parser.add_argument("--publish", action="store_true", help="write docs/performance.{json,svg} and the table")
    return parser.parse_args()


# What each engine reads; OpenVINO and PyTorch compute with oneDNN.
NARROW = {"PROMPTIR_REGISTER_BITS": "256", "ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2",
          "ATEN_CPU_CAPABILITY": "avx2"}


@contextlib.contextmanager
def registers(bits):
    """Sets the environment that the engines' processes inherit."""
    if bits:
        os.environ.update(NARROW)
    yield
    for name in NARROW if bits else []:
        del os.environ[name]


def compare(options, network, threads, bits=None):
    """One table: every engine's medians for one network and thread count."""
    with registers(bits):
        return dict(_compare(options, network, threads), registers=bits)


def _compare(options, network, threads):
    width, height = map(int, options.size.split("x"))
    models = {"safetensors": weights_file(options.work, network)}
    if "onnx" in (PEERS[peer] for peer in options.peers):
        models["onnx"] = onnx_file(options.work, network, height, width)
    meter = str(options.work / "peak")
    peaks = []
    with contextlib.ExitStack() as stack:
        contestants = []
        if not options.without_ours:
            contestants.append(engines.open_ours(
                str(options.products / "promptir"), models["safetensors"], height, width, threads))
        for peer in options.peers:
            contestants.append(engines.Peer(peer, models[PEERS[peer]], height, width, threads))
        for engine in contestants:
            stack.callback(engine.close)

        first_passes = [engine.run() for engine in contestants]
        differences = check_equal(contestants)
        passes = [[] for _ in contestants]
        for turn in range(options.repetitions):
            peaks.append(machine.meter(meter, threads))
            # Everyone starts a round once in a while, so that nobody always follows the same neighbour.
            for place in range(len(contestants)):
                index = (place + turn) % len(contestants)
                passes[index].append(contestants[index].run())
                # The other engines' threads may still spin after their pass; let them fall asleep.
                time.sleep(0.3)

        peak = statistics.median(peaks)
        gflop = GFLOP_AT_256[network] * width * height / 65536
        rows = [
            summarise(engine, first, runs, difference, gflop, peak, threads, width * height)
            for engine, first, runs, difference in zip(contestants, first_passes, passes, differences)
        ]
    return {
        "network": network, "width": width, "height": height, "threads": threads,
        "repetitions": options.repetitions, "gflop": gflop, "peak_gflops": peak, "engines": rows,
    }


def check_equal(contestants):
    """Largest absolute difference of each engine's output from PyTorch's; refuses to time a wrong engine."""
    outputs = [engine.output() for engine in contestants]
    reference = next((o for e, o in zip(contestants, outputs) if e.name == "PyTorch"), outputs[0])
    differences = [float(np.abs(output - reference).max()) for output in outputs]
    for engine, difference in zip(contestants, differences):
        if not difference <= LARGEST_DIFFERENCE:
            sys.exit(f"{engine.name} differs from the reference by {difference:.2e}, more than "
                     f"{LARGEST_DIFFERENCE:.0e}: its speed means nothing")
    return differences


def summarise(engine, first, runs, difference, gflop, peak, threads, pixel_count):
    wall = statistics.median(run.wall_s for run in runs)
    cpu = statistics.median(run.cpu_s for run in runs)
    peaks = [run.peak_bytes for run in [first, *runs] if run.peak_bytes]
    row = {
        "name": engine.name, "version": engine.version, "difference": difference,
        "wall_s": wall, "cpu_s": cpu,
        "wall_s_all": [run.wall_s for run in runs], "cpu_s_all": [run.cpu_s for run in runs],
        "gflops": gflop / wall,
        # By wall time what a user gets; by CPU time what the cores do while they work, also on a busy machine.
        "share_of_peak": gflop / wall / peak,
        "share_of_peak_by_cpu": gflop / cpu / (peak / threads),
        "peak_bytes": max(peaks) if peaks else None,
    }
    if first.base_bytes and peaks:
        row["bytes_per_pixel"] = (max(peaks) - first.base_bytes) / pixel_count
    return row


def main():
    options = parse_arguments()
    results = {"machine": machine.describe(options.root), "date": machine.today(), "comparisons": []}
    for network in options.networks:
        for threads in options.threads:
            results["comparisons"].append(compare(options, network, threads, options.registers))
            print(table.text(results["comparisons"][-1]), flush=True)
    if options.publish and not options.registers:
        results["comparisons"].append(compare(options, options.networks[0], options.threads[0], 256))
        print(table.text(results["comparisons"][-1]), flush=True)
    width, height = map(int, options.size.split("x"))
    if not options.without_ours:
        results["profiles"] = [
            profile.measure(options, network, width, height, options.threads[0]) for network in options.networks]
        profiles = "\n\n".join(map(profile.markdown, results["profiles"]))
        print(f"\n{profiles}")
    results["machine"]["load_average_after"] = machine.describe(options.root)["load_average"]
    target = options.work / "results.json"
    target.write_text(json.dumps(results, indent=1) + "\n")
    print(f"results: {target}")
    if options.publish:
        documents = options.root / "docs"
        (documents / "performance.json").write_text(json.dumps(results, indent=1) + "\n")
        (documents / "performance.svg").write_text(chart.svg(results))
        table.replace_in(documents / "PERFORMANCE.md", table.markdown(results))
        if results.get("profiles"):
            table.replace_in(documents / "PERFORMANCE.md", profiles, profile.BEGIN)


if __name__ == "__main__":
    main()
