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
from .models import EXPORTERS, onnx_file, weights_file

# Multiply-adds count twice. Counted with PyTorch's FLOP counter, and so also where an engine executes fewer.
GFLOP_AT_256 = {"published": 345.4, "compact": 16.6}
# Each peer's module and variant: its default, its best setting, and what computes in float32.
PEERS = {
    "pytorch": ("pytorch", "eager"),
    "pytorch-compile": ("pytorch", "compile"),
    "pytorch-autocast": ("pytorch", "eager+autocast"),
    "pytorch-compile-autocast": ("pytorch", "compile+autocast"),
    "onnx_runtime": ("onnx_runtime", ""),
    "openvino-float32": ("openvino_cpu", "float32"),
    "openvino": ("openvino_cpu", "default"),
}
# The golden vectors are held to 1e-5; engines are told apart from wrong ones, not from float64, here.
LARGEST_DIFFERENCE = 5e-5
# Of the formula's weights, whose features reach 15, where an engine may compute in bfloat16.
LARGEST_REDUCED_DIFFERENCE = 0.1
LARGEST_INT8_DIFFERENCE = 0.25


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
    parser.add_argument("--peers", nargs="*", choices=PEERS, help="default: all, but without autocast where the "
                        "processor has no bfloat16, on which PyTorch takes 25 times as long with it")
    parser.add_argument("--without-ours", action="store_true", help="measure the peers alone")
    parser.add_argument("--publish", action="store_true", help="write docs/performance.{json,svg} and the table")
    options = parser.parse_args()
    if options.peers is None:
        options.peers = [peer for peer in PEERS if machine.has_bfloat16() or "autocast" not in peer]
    return options


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
    weights = weights_file(options.work, network)
    meter = str(options.work / "peak")
    peaks = []
    with contextlib.ExitStack() as stack:
        contestants = []
        if not options.without_ours:
            for precision in our_precisions():
                contestants.append(engines.open_ours(
                    str(options.products / "promptir"), weights, height, width, threads, precision))
        for peer in options.peers:
            module, variant = PEERS[peer]
            model = weights if module == "pytorch" else better_graph(options, network, peer, height, width, threads)
            contestants.append(engines.Peer(module, model, height, width, threads, variant))
        for engine in contestants:
            stack.callback(engine.close)

        first_passes = [engine.run() for engine in contestants]
        differences, left_out = check_equal(contestants)
        right = [index for index, engine in enumerate(contestants) if engine.name not in left_out]
        contestants, first_passes, differences = (
            [values[index] for index in right] for values in (contestants, first_passes, differences))
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
        "left_out": left_out,
    }


def our_precisions():
    """The precisions in which our engine runs on this machine."""
    if not machine.has_bfloat16() or "PROMPTIR_REGISTER_BITS" in os.environ:
        return ["float32", "int8"]
    return ["float32", "bfloat16", *(["bfloat16-amx"] if machine.has_matrix_unit() else []), "int8"]


def better_graph(options, network, peer, height, width, threads):
    """The path of the ONNX graph with which a peer is faster."""
    module, variant = PEERS[peer]
    times = {}
    for exporter in EXPORTERS:
        path = onnx_file(options.work, network, height, width, exporter)
        with contextlib.closing(engines.Peer(module, path, height, width, threads, variant)) as engine:
            engine.run()
            times[path] = statistics.median(engine.run().wall_s for _ in range(3))
    print(f"{peer}: " + ", ".join(f"{Path(path).stem} {wall:.3f} s" for path, wall in times.items()), file=sys.stderr)
    return min(times, key=times.get)


def check_equal(contestants):
    """Largest absolute difference of each engine's output from PyTorch's, and the peers that are wrong, by name. A wrong
    engine of ours ends the comparison."""
    outputs = [engine.output() for engine in contestants]
    reference = next((o for e, o in zip(contestants, outputs) if e.name == "PyTorch eager"), outputs[0])
    differences = [float(np.abs(output - reference).max()) for output in outputs]
    left_out = {}
    for engine, difference in zip(contestants, differences):
        reduced = any(word in engine.name for word in ("bfloat16", "autocast", "default"))
        limit = LARGEST_REDUCED_DIFFERENCE if reduced else LARGEST_DIFFERENCE
        if "int8" in engine.name:
            limit = LARGEST_INT8_DIFFERENCE
        if not difference <= limit:
            reason = f"differs from the reference by {difference:.2e}, more than {limit:.0e}: its speed means nothing"
            if engine.name.startswith("promptir"):
                sys.exit(f"{engine.name} {reason}")
            print(f"{engine.name} is left out: it {reason}", file=sys.stderr)
            left_out[engine.name] = reason
    return differences, left_out


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
    for field in ("first_wall_s", "cold_wall_s"):
        values = [value for value in (getattr(run, field) for run in runs) if value]
        if values:
            row[field] = statistics.median(values)
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
    width, height = map(int, options.size.split("x"))
    if not options.without_ours:
        results["profiles"] = [
            profile.measure(options, network, width, height, options.threads[0], precision)
            for network in options.networks for precision in our_precisions()]
        profiles = "\n\n".join(map(profile.markdown, results["profiles"]))
        print(f"\n{profiles}")
    results["machine"]["load_average_after"] = machine.describe(options.root)["load_average"]
    target = options.work / "results.json"
    target.write_text(json.dumps(results, indent=1) + "\n")
    print(f"results: {target}")
    if options.publish:
        document = options.root / "docs/PERFORMANCE.md"
        if not machine.has_bfloat16():
            # The chart and the profiles are of a processor on which every engine can use its fastest type.
            table.replace_in(document, table.markdown(results), table.BEGIN_WITHOUT_BFLOAT16)
            return
        (document.parent / "performance.json").write_text(json.dumps(results, indent=1) + "\n")
        (document.parent / "performance.svg").write_text(chart.svg(results))
        table.replace_in(document, table.markdown(results))
        if results.get("profiles"):
            table.replace_in(document, profiles, profile.BEGIN)


if __name__ == "__main__":
    main()
