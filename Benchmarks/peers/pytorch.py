"""PyTorch, eager, in inference mode."""

import torch

from . import promptir_torch, protocol

options = protocol.arguments()
torch.set_num_threads(options.threads)
network = promptir_torch.load(options.model)


def forward(image):
    with torch.inference_mode():
        return network(torch.from_numpy(image)).numpy()


protocol.serve("PyTorch", torch.__version__, options, forward)
