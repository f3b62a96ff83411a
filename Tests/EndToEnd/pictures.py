#!/usr/bin/env python3
"""Writes COUNT different RGB pictures of WIDTHxHEIGHT as PNG into FOLDER: pictures.py FOLDER COUNT WIDTHxHEIGHT.

Only the standard library; the same arguments give the same bytes. Each appears under its name when it is whole.
"""
import os
import struct
import sys
import zlib


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(seed: int, width: int, height: int) -> bytes:
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            # Slopes with streaks, as rain leaves them; every seed another direction.
            streak = 80 if (x * (seed % 5 + 1) + y * 3 + seed) % 23 == 0 else 0
            rows += bytes((
                min(255, x * 200 // width + streak),
                min(255, y * 200 // height + streak),
                min(255, (x + y + seed * 37) % 200 + streak),
            ))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(bytes(rows), 6)) + chunk(b"IEND", b""))


def main() -> None:
    folder, count, size = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    width, height = map(int, size.split("x"))
    os.makedirs(folder, exist_ok=True)
    for index in range(count):
        path = os.path.join(folder, f"picture-{index:03d}.png")
        with open(path + ".part", "wb") as file:
            file.write(picture(index, width, height))
        os.rename(path + ".part", path)


main()
