"""What the figures depend on: processor, cores, load, versions; and its multiply-add peak, measured."""

import os
import platform
import subprocess
import time


def _processor():
    """The fields of the first core in /proc/cpuinfo."""
    fields = {}
    with open("/proc/cpuinfo") as file:
        for line in file:
            name, _, value = line.partition(":")
            fields.setdefault(name.strip(), value.strip())
    return fields


def has_bfloat16():
    """Whether engines can multiply in bfloat16 here."""
    return "avx512_bf16" in _processor().get("flags", "").split()


def has_matrix_unit():
    """Whether the processor has a matrix unit (Intel AMX)."""
    return "amx_bf16" in _processor().get("flags", "").split()


def describe(root):
    def first_line(*command):
        try:
            return subprocess.run(command, capture_output=True, text=True, cwd=root).stdout.split("\n")[0].strip()
        except OSError:
            return ""

    fields = _processor()
    flags = fields.get("flags", "").split()
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) * 1024
    return {
        "processor": fields.get("model name", platform.processor()),
        "family_model": f"{fields.get('cpu family', '?')}/{fields.get('model', '?')}",
        "vectors": [flag for flag in ("avx2", "fma", "avx512f", "avx512_bf16", "amx_tile") if flag in flags],
        "cores": os.cpu_count(),
        "memory_bytes": memory,
        "load_average": os.getloadavg()[0],
        "kernel": platform.release(),
        "swift": first_line("swift", "--version"),
        "python": platform.python_version(),
        "commit": first_line("git", "describe", "--always", "--dirty"),
    }


def today():
    return time.strftime("%Y-%m-%d")


def meter(meter, threads, seconds=0.5):
    """What `threads` cores do at once: GFLOP/s of fused multiply-adds (peak), GB/s copied (bandwidth)."""
    return float(subprocess.run([meter, str(threads), str(seconds)], capture_output=True, check=True).stdout)
