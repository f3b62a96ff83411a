#!/usr/bin/env python3
"""Draws training-progress.svg from the table "All training so far" in TRAINING.md: PSNR over the pixels seen.

    docs/training-progress.py
"""

import math
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SETS = {"large rain": "#2563eb", "large snow": "#dc2626", "Rain100L": "#059669", "snow": "#d97706"}
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 400, 56, 110, 24, 64


def table():
    """The column heads and the rows, as texts."""
    text = (FOLDER / "TRAINING.md").read_text().split("### All training so far", 1)[1]
    lines = [line for line in text.split("\n## ", 1)[0].splitlines() if line.startswith("|")]
    rows = [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines]
    return rows[0], rows[2:]


def text(x, y, content, anchor="middle", fill="#374151", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}"{more}>{content}</text>'


def main():
    heads, rows = table()
    pixels = [float(row[heads.index("billions of pixels, in all")]) for row in rows]
    curves = {name: [float(row[heads.index(name)]) for row in rows] for name in SETS}
    values = [value for curve in curves.values() for value in curve]
    low, high = 2 * math.floor(min(values) / 2), 2 * math.ceil(max(values) / 2)
    first, last = math.log(0.85 * pixels[0]), math.log(1.1 * pixels[-1])

    def x(value):
        return LEFT + (math.log(value) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y(value):
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        "<title>PSNR on the four evaluation sets after each step of the training</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for value in range(low, high + 1, 2):
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#e5e7eb"/>')
        parts.append(text(LEFT - 8, y(value) + 4, value, "end"))
    for value in (0.5, 1, 2, 3, 5, 9, 20, 50):
        if pixels[0] <= value <= pixels[-1]:
            parts.append(text(x(value), HEIGHT - BOTTOM + 18, value))
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 38, "billions of pixels seen (logarithmic)"))
    parts.append(text(14, middle, "PSNR, dB", more=f' transform="rotate(-90 14 {middle:.1f})"'))
    # Labels at the right ends, moved apart where the ends are close.
    place = math.inf
    for name in sorted(SETS, key=lambda name: curves[name][-1]):
        points = [(x(a), y(b)) for a, b in zip(pixels, curves[name])]
        line = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        parts.append(f'<polyline fill="none" stroke="{SETS[name]}" stroke-width="2" points="{line}"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{SETS[name]}"/>' for a, b in points]
        place = min(y(curves[name][-1]), place - 14)
        parts.append(text(WIDTH - RIGHT + 8, place + 4, name, "start", SETS[name]))
    (FOLDER / "training-progress.svg").write_text("\n".join(parts + ["</svg>"]) + "\n")


main()
