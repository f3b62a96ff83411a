#!/usr/bin/env python3
"""Fills a folder with damaged pictures: poison.py FIXTURES FOLDER COUNT [SEED].

Made of the pictures in FIXTURES: cut off at every per cent, bits flipped, text and archives under a picture's name, no
byte at all, a name with the wrong extension, bombs that announce 60,000 by 60,000 pixels in a few kilobytes. All are an
hour old, so that nobody waits for their writers. Names tell the kind. The same arguments give the same files.
"""
import os
import pathlib
import random
import struct
import sys
import time
import zlib


def png_bomb(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = zlib.compress(bytes(2_000_000), 9)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", rows) + chunk(b"IEND", b""))


def jpeg_bomb(jpeg: bytes, side: int) -> bytes:
    frame = next(index for index in range(len(jpeg)) if jpeg[index:index + 2] in (b"\xff\xc0", b"\xff\xc2"))
    return jpeg[:frame + 5] + struct.pack(">HH", side, side) + jpeg[frame + 9:]


def main() -> None:
    fixtures, folder, count = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    numbers = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    originals = [path for path in sorted(fixtures.iterdir())
                 if path.suffix in (".png", ".jpg") and path.stat().st_size <= 4096]
    jpeg = (fixtures / "baseline-2x2.jpg").read_bytes()
    progressive = (fixtures / "progressive-2x1.jpg").read_bytes()
    files = {
        "empty.png": b"", "empty.jpg": b"", "one-byte.png": b"\x89", "text.png": b"this is no picture\n" * 99,
        "text.jpg": b"GIF89a" + bytes(99), "archive.png": b"PK\x03\x04" + bytes(500), "elf.jpg": b"\x7fELF" + bytes(99),
        "bomb-60000.png": png_bomb(60_000), "bomb-60000.jpg": jpeg_bomb(jpeg, 60_000),
        "bomb-progressive.jpg": jpeg_bomb(progressive, 60_000), "bomb-20000.png": png_bomb(20_000),
        "wrong-extension.png": jpeg, "wrong-extension.jpg": (fixtures / "rgb8.png").read_bytes(),
    }
    while len(files) < count:
        original = numbers.choice(originals)
        data = bytearray(original.read_bytes())
        if numbers.random() < 0.5:
            per_cent = numbers.randrange(100)
            files[f"cut-{len(files)}-{per_cent}-{original.name}"] = bytes(data[:len(data) * per_cent // 100])
        else:
            for _ in range(numbers.randint(1, 8)):
                data[numbers.randrange(len(data))] ^= 1 << numbers.randrange(8)
            files[f"flipped-{len(files)}-{original.name}"] = bytes(data)
    folder.mkdir(parents=True, exist_ok=True)
    hour_ago = time.time() - 3600
    for name, data in files.items():
        (folder / name).write_bytes(data)
        os.utime(folder / name, (hour_ago, hour_ago))


main()
