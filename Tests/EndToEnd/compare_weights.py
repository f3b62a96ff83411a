#!/usr/bin/env python3
"""Compares two safetensors files of float32: compare_weights.py FIRST SECOND LIMIT. Prints the largest difference and
exits with 1 where it is above the limit. Only the standard library."""
import array
import json
import struct
import sys


def tensors(path: str) -> dict[str, array.array]:
    with open(path, "rb") as file:
        data = file.read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    body = data[8 + length:]
    values = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            values[name] = array.array("f", body[begin:end])
    return values


first, second, limit = tensors(sys.argv[1]), tensors(sys.argv[2]), float(sys.argv[3])
if first.keys() != second.keys():
    sys.exit("the files hold other tensors")
largest, where = 0.0, ""
for name in first:
    for left, right in zip(first[name], second[name], strict=True):
        difference = abs(left - right)
        if not difference <= largest:
            largest, where = difference, name
print(f"largest difference {largest:.3g} in {where}")
sys.exit(not largest <= limit)
