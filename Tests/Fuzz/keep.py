#!/usr/bin/env python3
"""Writes a folder of inputs as lines of base64, smallest first, at most 60 kB of them: keep.py FOLDER FILE."""
import base64
import pathlib
import sys

LIMIT = 60_000

inputs = sorted((path.read_bytes() for path in pathlib.Path(sys.argv[1]).iterdir()), key=lambda data: (len(data), data))
lines, size = [], 0
for data in inputs:
    line = base64.b64encode(data).decode()
    size += len(line) + 1
    if size > LIMIT:
        break
    if line:
        lines.append(line)
pathlib.Path(sys.argv[2]).parent.mkdir(exist_ok=True)
pathlib.Path(sys.argv[2]).write_text("\n".join(lines) + "\n")
print(f"{len(lines)} of {len(inputs)} inputs kept, {sum(len(line) + 1 for line in lines)} bytes")
