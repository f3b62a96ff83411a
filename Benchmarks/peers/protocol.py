"""The line protocol of a peer: a process that loads once and then answers each line with one line of JSON.

    request          answer
    run              {"wall_s", "cpu_s", "peak_bytes", "base_bytes"} of one forward pass
    save PATH        {"saved": PATH}: the last pass's output as .npy
    (end of input)   the process ends

The first line of output is {"name", "version"}, sent when the network is loaded. CPU-seconds are the process's
own, all threads, user and system. `peak_bytes` is the highest resident size during the pass (the kernel's
high-water mark, reset before it), `base_bytes` the resident size before the very first pass.
"""

import argparse
import json
import resource
import sys
import time

import numpy as np

from . import formula


def _status_bytes(field):
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1]) * 1024
    raise RuntimeError(f"/proc/self/status has no {field}")


def _reset_peak():
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")


def _cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True, help=".safetensors or .onnx")
    parser.add_argument("--height", type=int, required=True)
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--variant", default="", help="one of the engine's settings, see its module")
    return parser.parse_args()


def serve(name, version, options, forward):
    """Answers requests; `forward` maps the (1, 3, H, W) float32 image to the output, a numpy array."""
    image = formula.image(options.height, options.width)
    answers = sys.stdout
    sys.stdout = sys.stderr  # whatever a library prints must not look like an answer

    def answer(**fields):
        print(json.dumps(fields), file=answers, flush=True)

    base, output = _status_bytes("VmRSS"), None
    answer(name=name, version=version)
    for line in sys.stdin:
        request = line.split()
        if request == ["run"]:
            _reset_peak()
            cpu, wall = _cpu_seconds(), time.monotonic()
            output = forward(image)
            answer(
                wall_s=time.monotonic() - wall, cpu_s=_cpu_seconds() - cpu,
                peak_bytes=_status_bytes("VmHWM"), base_bytes=base)
        elif len(request) == 2 and request[0] == "save":
            np.save(request[1], output)
            answer(saved=request[1])
        else:
            sys.exit(f"{name}: unknown request {line!r}")
