"""The profile by operation of our own pass, against the two ceilings: multiply-adds and memory."""

import json
import subprocess

from . import machine
from .models import weights_file

BEGIN = "<!-- begin: profile -->"
HEADINGS = ("operation", "share of the time", "GFLOP/s a core", "of peak", "GB/s a core", "of bandwidth")


def measure(options, network, width, height, threads, precision):
    """Rates are per core and second of processor time; GB/s count each operand once, so that what strips read twice
    at their borders, and what caches save, is left out."""
    report = json.loads(subprocess.run(
        [str(options.products / "promptir"), "bench", "--model", weights_file(options.work, network), "--size",
         f"{width}x{height}", "--threads", str(threads), "--precision", precision, "--repetitions", "3", "--json"],
        capture_output=True, check=True).stdout)
    return {
        "network": network, "width": width, "height": height, "threads": threads,
        "precision": precision,
        # In reduced precision the tool's own meter, which spins on the registers with that instruction.
        "peak_gflops": machine.meter(options.work / "peak", threads) / threads if precision == "float32"
        else report["peak_gflop_per_second_per_core"],
        "bandwidth_gbytes": machine.meter(options.work / "bandwidth", threads) / threads,
        "operations": sorted(report["operations"], key=lambda row: -row["share"]),
    }


def markdown(profile):
    lines = [
        f"**{profile['network']} network, {profile['width']}×{profile['height']}, {profile['threads']} threads, "
        f"{profile['precision']}** "
        f"(a core's measured ceilings while {profile['threads']} work: {profile['peak_gflops']:.0f} GFLOP/s, "
        f"{profile['bandwidth_gbytes']:.1f} GB/s)", "",
        "| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS),
    ]
    for row in profile["operations"]:
        flops, bytes_ = row["gflop_per_cpu_second"], row["gbyte_per_cpu_second"]
        lines.append(
            f"| {row['operation']} | {row['share']:.1%} | {flops:.0f} | {flops / profile['peak_gflops']:.0%} | "
            f"{bytes_:.1f} | {bytes_ / profile['bandwidth_gbytes']:.0%} |")
    return "\n".join(lines)
