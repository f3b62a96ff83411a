#!/usr/bin/env python3
"""Makes Fixtures/: small pictures of our own, and what other programs decode from them.

Needs numpy, Pillow and scikit-image, and djpeg, cjpeg and jpegtran of libjpeg-turbo. The tests need none of them:
they compare with expected.json, which holds size, layout and FNV-1a 64 of the samples, as Pillow decodes PNG (16
bits and transparent colours, of which Pillow has only a part: as they were written), as djpeg decodes JPEG, and as
Pillow converts CMYK; and with metrics.json, which holds what scikit-image computes.
"""

import io
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps
from skimage.color import rgb2ycbcr
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from picture_parts import (IPTC, chunk, djpeg, exif_block, icc_profile, photoshop_resource, png, pnm, run, segment,
                           with_segments, xmp_packet)

OUT = pathlib.Path(__file__).parent / "Fixtures"
expected = {}


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


LAYOUTS = {1: "grey", 2: "greyAlpha", 3: "rgb", 4: "rgba"}


def expect(name, pixels, **more):
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    height, width, channels = pixels.shape
    little = pixels.astype("<u2" if pixels.dtype.itemsize == 2 else np.uint8)
    expected[name] = dict(width=width, height=height, layout=LAYOUTS[channels], bits=8 * little.itemsize,
                          fnv=fnv(little.tobytes()), **more)


def scene(width, height, seed=1, channels=3, top=255):
    """Gradients, a disc, streaks and noise."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for c in range(channels):
        plane = 0.5 + 0.3 * np.sin(x / (5 + 2 * c)) * np.cos(y / (7 - c)) + 0.2 * (x - y) / (width + height)
        plane = np.where((x - width / 2) ** 2 + (y - height / 3) ** 2 < (width / 5) ** 2, 0.9 - 0.25 * c, plane)
        plane = np.where((x + 3 * y) % 19 == 0, plane + 0.2, plane)
        planes.append(plane + random.normal(0, 0.02, plane.shape))
    pixels = np.clip(np.stack(planes, axis=2), 0, 1)
    return np.round(pixels * top).astype(np.uint16 if top > 255 else np.uint8)


# ---------------------------------------------------------------- PNG


def store_png(name, data, truth, **more):
    (OUT / name).write_bytes(data)
    picture = Image.open(io.BytesIO(data))
    picture.load()
    if truth.dtype.itemsize == 1 or picture.mode.startswith("I;16"):
        mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[truth.shape[2] if truth.ndim == 3 else 1]
        seen = np.asarray(picture if picture.mode.startswith("I;16") else picture.convert(mode))
        assert np.array_equal(seen.reshape(truth.shape), truth), name
    expect(name, truth, **more)


def store_bomb(name, data, truth):
    """Pillow refuses what grows so much in an ancillary chunk; here only the chunk is left out."""
    (OUT / name).write_bytes(data)
    expect(name, truth)


def make_pngs():
    for depth in (1, 2, 4, 8, 16):
        for width, height in ((1, 1), (13, 9), (33, 20)):
            grey = scene(width, height, seed=depth, channels=1, top=(1 << depth) - 1)
            truth = grey if depth >= 8 else (grey * (255 // ((1 << depth) - 1))).astype(np.uint8)
            for interlaced in (False, True):
                name = f"grey{depth}-{width}x{height}{'-interlaced' if interlaced else ''}.png"
                store_png(name, png(grey, 0, depth, interlaced), truth)
    for colour, channels, label in ((2, 3, "rgb"), (4, 2, "grey-alpha"), (6, 4, "rgba")):
        for depth in (8, 16):
            pixels = scene(23, 17, seed=colour, channels=channels, top=(1 << depth) - 1)
            for interlaced in (False, True):
                name = f"{label}{depth}{'-interlaced' if interlaced else ''}.png"
                store_png(name, png(pixels, colour, depth, interlaced, pieces=3), pixels)
    random = np.random.default_rng(5)
    for depth in (1, 2, 4, 8):
        count = 1 << depth
        palette = random.integers(0, 256, (count, 3)).astype(np.uint8)
        alpha = random.integers(0, 256, max(1, count // 2)).astype(np.uint8)
        index = random.integers(0, count, (11, 19, 1)).astype(np.uint8)
        plte, trns = chunk(b"PLTE", palette.tobytes()), chunk(b"tRNS", alpha.tobytes())
        store_png(f"palette{depth}.png", png(index, 3, depth, before=[plte]), palette[index[:, :, 0]])
        full = np.concatenate([alpha, np.full(count - len(alpha), 255, np.uint8)])
        store_png(f"palette{depth}-alpha-interlaced.png", png(index, 3, depth, True, before=[plte, trns]),
                  np.dstack([palette[index[:, :, 0]], full[index[:, :, 0]]]))
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    store_png("palette8-grey-ramp.png", png(index, 3, 8, before=[chunk(b"PLTE", ramp.tobytes())]),
              ramp[index[:, :, 0]])
    for depth in (1, 2, 4, 8, 16):
        top = (1 << depth) - 1
        grey = scene(13, 9, seed=depth, channels=1, top=top)
        key = int(grey[4, 5, 0])
        shown = grey if depth >= 8 else (grey * (255 // top)).astype(np.uint8)
        alpha = np.where(grey == key, 0, 65535 if depth == 16 else 255).astype(shown.dtype)
        data = png(grey, 0, depth, before=[chunk(b"tRNS", struct.pack(">H", key))])
        (OUT / f"grey{depth}-key.png").write_bytes(data)
        expect(f"grey{depth}-key.png", np.concatenate([shown, alpha], axis=2))
    for depth in (8, 16):
        pixels = scene(13, 9, seed=9, top=(1 << depth) - 1)
        pixels[2:4, 3:7] = pixels[0, 0]
        key = struct.pack(">HHH", *map(int, pixels[0, 0]))
        alpha = np.where((pixels == pixels[0, 0]).all(axis=2, keepdims=True), 0, (1 << depth) - 1).astype(pixels.dtype)
        (OUT / f"rgb{depth}-key.png").write_bytes(png(pixels, 2, depth, before=[chunk(b"tRNS", key)]))
        expect(f"rgb{depth}-key.png", np.concatenate([pixels, alpha], axis=2))
    make_png_chunks()


def make_png_chunks():
    pixels = scene(12, 8, seed=11)
    colour = [chunk(b"gAMA", struct.pack(">I", 100000)),
              chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)),
              chunk(b"pHYs", struct.pack(">IIB", 11811, 5906, 1))]
    text = [chunk(b"tEXt", b"Comment\0ours"), chunk(b"sBIT", b"\5\6\5"), chunk(b"bKGD", bytes(6))]
    store_png("chunks.png", png(pixels, 2, 8, before=colour + text), pixels)
    store_png("srgb.png", png(pixels, 2, 8, before=[chunk(b"sRGB", b"\0")]), pixels)
    profile = icc_profile()
    iccp = chunk(b"iCCP", b"ours\0\0" + zlib.compress(profile))
    store_png("profile.png", png(pixels, 2, 8, before=[iccp]), pixels, profile=fnv(profile))
    # libpng alone would refuse an RGB profile in a grey picture; other programs keep it.
    store_png("profile-grey.png", png(pixels[:, :, :1], 0, 8, before=[iccp]), pixels[:, :, :1], profile=fnv(profile))
    bomb = chunk(b"iCCP", b"bomb\0\0" + zlib.compress(bytes(20 << 20), 9))
    store_bomb("profile-bomb.png", png(pixels[:2, :2], 2, 8, before=[bomb]), pixels[:2, :2])
    bomb = chunk(b"zTXt", b"bomb\0\0" + zlib.compress(bytes(20 << 20), 9))
    store_bomb("text-bomb.png", png(pixels[:2, :2], 2, 8, before=[bomb]), pixels[:2, :2])
    packet = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0en\0Metadata\0" + xmp_packet(1))
    store_png("captions.png", png(pixels, 2, 8, before=[chunk(b"iTXt", b"Title\0\0\0\0\0ours"), packet]), pixels)
    for where in ("before", "after"):
        exif = chunk(b"eXIf", exif_block(6, "II", 12, 8))
        data = png(pixels, 2, 8, **{where: [exif]})
        (OUT / f"exif-{where}.png").write_bytes(data)
        upright = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data)))) if where == "before" \
            else np.rot90(pixels, -1)
        assert np.array_equal(upright, np.rot90(pixels, -1))
        expect(f"exif-{where}.png", upright)


# ---------------------------------------------------------------- JPEG


def store_jpeg(name, data, pixels=None, **more):
    (OUT / name).write_bytes(data)
    expect(name, djpeg(data) if pixels is None else pixels, **more)


def make_jpegs():
    grey, colour = scene(37, 29, seed=21, channels=1), scene(37, 29, seed=22)
    samplings = ["1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "2x4"]
    for sampling in samplings:
        for kind, flags in (("baseline", []), ("progressive", ["-progressive"])):
            data = run("cjpeg", "-quality", "80", "-sample", sampling, *flags, data=pnm(colour))
            store_jpeg(f"{kind}-{sampling}.jpg", data)
    # Chroma sampled more finely than luma, and components that differ from one another.
    store_jpeg("odd-sampling.jpg", run("cjpeg", "-sample", "2x2,1x2,2x1", data=pnm(colour)))
    store_jpeg("chroma-finer.jpg", run("cjpeg", "-sample", "1x1,2x2,1x1", data=pnm(colour)))
    store_jpeg("grey.jpg", run("cjpeg", "-quality", "90", data=pnm(grey)))
    store_jpeg("grey-progressive.jpg", run("cjpeg", "-progressive", data=pnm(grey)))
    store_jpeg("one-pixel.jpg", run("cjpeg", data=pnm(colour[:1, :1])))
    store_jpeg("arithmetic.jpg", run("cjpeg", "-arithmetic", data=pnm(colour)))
    store_jpeg("arithmetic-progressive.jpg", run("cjpeg", "-arithmetic", "-progressive", data=pnm(colour)))
    store_jpeg("restart.jpg", run("cjpeg", "-restart", "1", "-optimize", data=pnm(colour)))
    store_jpeg("rgb.jpg", run("cjpeg", "-rgb", data=pnm(colour)))
    (OUT / "scans.txt").write_text("0;1;2;\n")
    store_jpeg("three-scans.jpg", run("cjpeg", "-scans", str(OUT / "scans.txt"), data=pnm(colour)))
    (OUT / "scans.txt").unlink()
    base = run("cjpeg", "-quality", "80", data=pnm(colour))
    store_jpeg("trailing-bytes.jpg", base + b"ours, after the end")
    store_jpeg("padded-marker.jpg", base[:-2] + b"\xff\xff\xff" + base[-2:])
    store_jpeg("extraneous-bytes.jpg", base[:-2] + b"\0\0\0" + base[-2:])
    make_cmyk(colour)
    make_jpeg_metadata(base, colour)


def make_cmyk(colour):
    inks = np.dstack([255 - colour, scene(37, 29, seed=23, channels=1)])
    stream = io.BytesIO()
    Image.fromarray(inks, "CMYK").save(stream, "JPEG", quality=85)
    cmyk = stream.getvalue()
    adobe = cmyk.index(b"Adobe")
    assert cmyk[adobe + 11] == 0
    profile = segment(0xE2, b"ICC_PROFILE\0\1\1" + icc_profile(space=b"CMYK"))
    plain = cmyk[:adobe - 4] + cmyk[adobe + 12:]
    # The same coefficients read as YCCK.
    ycck = cmyk[:adobe + 11] + b"\2" + cmyk[adobe + 12:]
    for name, data in (("cmyk.jpg", with_segments(cmyk, profile)), ("cmyk-without-adobe.jpg", plain), ("ycck.jpg", ycck)):
        store_jpeg(name, data, np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))


def make_jpeg_metadata(base, colour):
    for orientation in range(0, 10):
        order = "II" if orientation % 2 else "MM"
        data = with_segments(base, segment(0xE1, b"Exif\0\0" + exif_block(orientation, order, 37, 29)))
        (OUT / f"orientation{orientation}.jpg").write_bytes(data)
        picture = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
        # Pillow's decoder agrees with djpeg here; turn djpeg's pixels all the same.
        turns = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
                 5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
                 8: Image.Transpose.ROTATE_90}
        pixels = Image.fromarray(djpeg(data))
        if orientation in turns:
            pixels = pixels.transpose(turns[orientation])
        assert pixels.size == picture.size
        expect(f"orientation{orientation}.jpg", np.asarray(pixels))
    upright = exif_block(1, "II", 37, 29)
    long = exif_block(8, "MM", 37, 29, kind=4)
    data = with_segments(base, segment(0xE1, b"Exif\0\0" + long))
    (OUT / "orientation8-long.jpg").write_bytes(data)
    expect("orientation8-long.jpg", np.rot90(djpeg(data)))
    profile = icc_profile(100_000)
    pieces = [profile[i:i + 40_000] for i in range(0, len(profile), 40_000)]
    segments = [segment(0xE2, b"ICC_PROFILE\0" + bytes([i + 1, len(pieces)]) + piece) for i, piece in enumerate(pieces)]
    segments = segments[::-1]  # any order is allowed
    store_jpeg("metadata.jpg", with_segments(base, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>"),
                                             segment(0xE1, b"Exif\0\0" + upright), *segments),
               profile=fnv(profile), exif=fnv(upright))
    store_jpeg("captions.jpg", with_segments(
        base, segment(0xE1, b"Exif\0\0" + exif_block(3, "II", 37, 29)),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp_packet(3)),
        segment(0xED, b"Photoshop 3.0\0" + photoshop_resource(0x040C, b"a thumbnail") + photoshop_resource(
            0x0404, IPTC, b"odd") + photoshop_resource(0x0425, bytes(16)))), np.rot90(djpeg(base), 2))
    missing = with_segments(base, segments[0])
    store_jpeg("profile-incomplete.jpg", missing)
    # Refused: other processes, precisions, and colours without a meaning.
    frame = base.index(b"\xff\xc0")
    (OUT / "bad-twelve-bit.jpg").write_bytes(base[:frame + 4] + b"\x0c" + base[frame + 5:])
    (OUT / "bad-lossless.jpg").write_bytes(base[:frame + 1] + b"\xc3" + base[frame + 2:])
    (OUT / "bad-no-height.jpg").write_bytes(base[:frame + 5] + b"\0\0" + base[frame + 7:])


# ---------------------------------------------------------------- metrics


def luma(pixels):
    """Y of BT.601 in 16…235, not rounded."""
    return rgb2ycbcr(pixels)[:, :, 0]


def score(a, b):
    settings = dict(data_range=255, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
    result = dict(
        psnr=peak_signal_noise_ratio(a, b, data_range=255),
        lumaPSNR=peak_signal_noise_ratio(luma(a), luma(b), data_range=255))
    if min(a.shape[:2]) >= 11:
        result.update(ssim=structural_similarity(a, b, channel_axis=2, **settings),
                      lumaSSIM=structural_similarity(luma(a), luma(b), **settings))
    return {key: float(value) for key, value in result.items()}


def make_metrics():
    rows = []
    for index, (width, height) in enumerate([(11, 11), (12, 11), (11, 30), (40, 33), (10, 40), (1, 1)]):
        a = scene(width, height, seed=100 + index)
        noise = np.random.default_rng(200 + index).normal(0, 12, a.shape)
        b = np.clip(np.round(a + noise), 0, 255).astype(np.uint8)
        names = []
        for label, pixels in (("clean", a), ("noisy", b)):
            name = f"metric{index}-{label}.png"
            store_png(name, png(pixels, 2, 8), pixels)
            names.append(name)
        rows.append(dict(first=names[0], second=names[1], **score(a, b)))
    a = np.asarray(Image.open(OUT / "grey8-33x20.png").convert("RGB"))
    b = np.asarray(Image.open(OUT / "grey4-33x20.png").convert("RGB"))
    rows.append(dict(first="grey8-33x20.png", second="grey4-33x20.png", **score(a, b)))
    return rows


OUT.mkdir(exist_ok=True)
for old in OUT.iterdir():
    old.unlink()
make_pngs()
make_jpegs()
metrics = make_metrics()
(OUT / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")
(OUT / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
print(len(expected), "pictures,", sum(f.stat().st_size for f in OUT.iterdir()), "bytes")
