"""PyTorch in inference mode.

Variants: "eager", "compile" (torch.compile), and each with "+autocast", which computes in bfloat16.
"""

import contextlib

import torch

from . import promptir_torch, protocol

options = protocol.arguments()
torch.set_num_threads(options.threads)
network = promptir_torch.load(options.model)
if "compile" in options.variant:
    network = torch.compile(network)
autocast = "autocast" in options.variant


def forward(image):
    precision = torch.autocast("cpu", torch.bfloat16) if autocast else contextlib.nullcontext()
    with torch.inference_mode(), precision:
        return network(torch.from_numpy(image)).float().numpy()


protocol.serve(f"PyTorch {options.variant}", torch.__version__, options, forward)
