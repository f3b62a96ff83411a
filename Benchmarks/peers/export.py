"""Writes a network of formula weights as safetensors, or a safetensors file as ONNX for one image size.

    python -m peers.export weights NETWORK OUT.safetensors     NETWORK: published, compact
    python -m peers.export onnx WEIGHTS.safetensors HEIGHT WIDTH EXPORTER OUT.onnx

EXPORTER: dynamo, or script (torch.onnx.export(dynamo=False, opset_version=17)). Which of the graphs is faster depends on
the engine and the network.
"""

import os
import sys
import warnings

import torch
from safetensors.torch import save_file

from . import formula, promptir_torch


def write_weights(network_name, path):
    with torch.device("meta"):
        network = promptir_torch.PromptIR(**promptir_torch.NETWORKS[network_name])
    tensors = {
        name: torch.from_numpy(formula.weights(name, tuple(tensor.shape)))
        for name, tensor in network.state_dict().items()
    }
    save_file(tensors, path + ".part")
    os.rename(path + ".part", path)


def write_onnx(weights, height, width, exporter, path):
    """Fixed size, so that the peers can fold everything that depends on it."""
    network = promptir_torch.load(weights)
    warnings.simplefilter("ignore")
    settings = ({"dynamo": True, "external_data": False, "optimize": True} if exporter == "dynamo"
                else {"dynamo": False, "opset_version": 17})
    torch.onnx.export(
        network, (torch.from_numpy(formula.image(height, width)),), path + ".part", input_names=["image"],
        output_names=["restored"], **settings)
    os.rename(path + ".part", path)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["weights", name, path]:
            write_weights(name, path)
        case ["onnx", weights, height, width, exporter, path]:
            write_onnx(weights, int(height), int(width), exporter, path)
        case _:
            sys.exit(__doc__)
