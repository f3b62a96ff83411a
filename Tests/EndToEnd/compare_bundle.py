#!/usr/bin/env python3
"""Compares pred.npz with the 8-bit RGB PNGs of the folder it speaks for: compare_bundle.py FOLDER.

Needs numpy; the PNGs are decoded here, so that no library of the project's has a say.
"""
import os
import struct
import sys
import zlib

import numpy


def decode(path: str) -> numpy.ndarray:
    """(3, H, W) uint8."""
    data = open(path, "rb").read()
    position, compressed, header = 8, b"", b""
    while position < len(data):
        length, kind = struct.unpack(">I4s", data[position:position + 8])
        body = data[position + 8:position + 8 + length]
        if kind == b"IHDR":
            header = body
        elif kind == b"IDAT":
            compressed += body
        position += length + 12
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", header)
    assert (depth, colour, interlace) == (8, 2, 0), f"{path}: not 8-bit RGB"
    rows = numpy.frombuffer(zlib.decompress(compressed), numpy.uint8).reshape(height, 1 + width * 3)
    result = numpy.zeros((height, width * 3), numpy.uint8)
    above = numpy.zeros(width * 3, numpy.uint8)
    for y in range(height):
        kind, line = rows[y, 0], rows[y, 1:].astype(int)
        if kind == 2:
            line = line + above
        elif kind:
            line = unfilter(kind, line, above.astype(int))
        above = result[y] = (line & 255).astype(numpy.uint8)
    return result.reshape(height, width, 3).transpose(2, 0, 1)


def unfilter(kind: int, line: numpy.ndarray, above: numpy.ndarray) -> numpy.ndarray:
    out = line.tolist()
    up = above.tolist()
    for x in range(len(out)):
        a = out[x - 3] if x >= 3 else 0
        b = up[x]
        c = up[x - 3] if x >= 3 else 0
        if kind == 1:
            predicted = a
        elif kind == 3:
            predicted = (a + b) // 2
        else:
            p = a + b - c
            distances = abs(p - a), abs(p - b), abs(p - c)
            predicted = (a, b, c)[distances.index(min(distances))]
        out[x] = (out[x] + predicted) & 255
    return numpy.array(out)


def main() -> None:
    folder = sys.argv[1]
    bundle = numpy.load(os.path.join(folder, "pred.npz"))
    names = sorted(name for name in os.listdir(folder)
                   if name.endswith((".png", ".jpg")) and not name.startswith("."))
    assert sorted(bundle.files) == names, f"{len(bundle.files)} entries for {len(names)} pictures"
    pngs = [name for name in names if name.endswith(".png")]
    for name in pngs:
        array = bundle[name]
        assert array.dtype == numpy.uint8, f"{name}: {array.dtype}"
        assert numpy.array_equal(array, decode(os.path.join(folder, name))), f"{name}: other pixels"
    print(f"{len(pngs)} pictures are what the bundle says")


main()
