#!/usr/bin/env python3
"""Writes small valid PNG files that take much memory: exhaustion.py FOLDER.

huge-N.png have 10,000 by 10,000 pixels in a few kilobytes; profile-N.png are small and hold a profile of nearly 4 MB of
one byte. Only the standard library.
"""
import pathlib
import struct
import sys
import zlib


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, depth: int, colour: int, row: bytes, more: bytes = b"") -> bytes:
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\0" + row) for _ in range(height)) + packer.flush()
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
            + more + chunk(b"IDAT", rows) + chunk(b"IEND", b""))


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    huge = png(10_000, 10_000, 1, 0, bytes(1250))
    assert len(huge) < 24_000
    for index in range(4):
        (folder / f"huge-{index}.png").write_bytes(huge)
    profile = chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes((4 << 20) - 64), 9))
    for index in range(8):
        (folder / f"profile-{index}.png").write_bytes(png(96, 64, 8, 2, bytes(range(96)) * 3, profile))


main()
