"""The networks' weights and their ONNX form, made once into the ignored work folder."""

import subprocess
import sys


def _export(*arguments):
    subprocess.run(
        [sys.executable, "-m", "peers.export", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def weights_file(work, network):
    """Path of a safetensors file with the weights of `published` or `compact`, by formula."""
    path = work / f"{network}.safetensors"
    if not path.exists():
        _export("weights", network, path)
    return str(path)


EXPORTERS = ("dynamo", "script")


def onnx_file(work, network, height, width, exporter):
    """Path of the same network as ONNX, for one image size."""
    path = work / f"{network}-{width}x{height}-{exporter}.onnx"
    if not path.exists():
        print(f"exporting {path.name} ...", file=sys.stderr)
        _export("onnx", weights_file(work, network), height, width, exporter, path)
    return str(path)
