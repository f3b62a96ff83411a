"""PyTorch, eager or with autocast to bfloat16: training steps of forward, mean squared error, backward, AdamW. A request
to run is a step."""

import argparse

import torch

from . import promptir_torch, protocol

parser = argparse.ArgumentParser()
parser.add_argument("--network", choices=promptir_torch.NETWORKS, required=True)
parser.add_argument("--batch", type=int, required=True)
parser.add_argument("--height", type=int, required=True)
parser.add_argument("--width", type=int, required=True)
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--autocast", action="store_true")
options = parser.parse_args()

torch.set_num_threads(options.threads)
torch.manual_seed(0)
network = promptir_torch.PromptIR(**promptir_torch.NETWORKS[options.network])
optimizer = torch.optim.AdamW(network.parameters(), lr=2e-4, weight_decay=1e-2)
degraded, clean = torch.rand(2, options.batch, 3, options.height, options.width)


def step(_):
    optimizer.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=options.autocast):
        restored = network(degraded)
    loss = torch.nn.functional.mse_loss(restored.float(), clean)
    loss.backward()
    optimizer.step()
    return loss.detach().numpy()


protocol.serve("PyTorch autocast" if options.autocast else "PyTorch", torch.__version__, options, step)
