"""Weights and images made from a name and an index, the same that the Swift tests use: no file is needed."""

import numpy as np


def uniform(name, count):
    """`count` values in [-1, 1), float64: splitmix64 of the FNV-1a hash of the name and the index."""
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    with np.errstate(over="ignore"):
        z = np.uint64(value) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1


def weights(name, shape):
    """The float32 weights of one tensor of the network."""
    u = uniform(name, int(np.prod(shape)))
    if name.endswith(".temperature"):
        u = 1 + 0.5 * u
    elif name.endswith(".prompt_param"):
        u = 0.5 + 0.5 * u
    elif name.endswith(".body.weight") and len(shape) == 1:
        u = 1 + 0.1 * u
    elif name.endswith(".bias"):
        u = 0.1 * u
    else:
        fan_in = float(np.prod(shape[1:]))
        u = u * (np.sqrt(3 / fan_in) * (0.1 if name == "output.weight" else 1))
    return u.astype(np.float32).reshape(shape)


def image(height, width):
    """(1, 3, height, width) float32 in [0, 1)."""
    u = uniform(f"golden/1x3x{height}x{width}", 3 * height * width)
    return (0.5 + 0.5 * u).astype(np.float32).reshape(1, 3, height, width)
