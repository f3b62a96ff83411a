"""Peak memory and time of one forward pass over image sizes, whole image, no tiles.

The figure per pixel is what a pass needs beyond the weights (float32) and 60 MB for the program itself.
"""

import argparse
import json
import sys
from pathlib import Path

from . import engines, machine, table
from .models import weights_file

PROGRAM_BYTES = 60e6
BEGIN = "<!-- begin: Benchmarks/memory --publish -->"


def parse_arguments():
    parser = argparse.ArgumentParser(prog="Benchmarks/memory", description=__doc__)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--products", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--networks", nargs="+", choices=["published", "compact"], default=["published", "compact"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--largest", type=float, default=12, help="megapixels (default: %(default)s)")
    parser.add_argument("--pytorch-up-to", type=float, default=0, metavar="MEGAPIXELS",
                        help="measure PyTorch too, up to this size (default: not at all)")
    parser.add_argument("--publish", action="store_true", help="write docs/memory.json and the table")
    return parser.parse_args()


def sizes(path, largest):
    """(width, height) pairs up to `largest` megapixels."""
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            width, height = map(int, line.split("x"))
            if width * height <= largest * 1e6:
                yield width, height


def measure(options, network, width, height):
    weights = weights_file(options.work, network)
    weight_bytes = Path(weights).stat().st_size
    # `promptir forward`, not `bench`: one pass, and nothing of the process left out.
    contestants = [("promptir", lambda: engines.OursWhole(
        str(options.products / "promptir"), weights, height, width, options.threads))]
    if width * height <= options.pytorch_up_to * 1e6:
        contestants.append(("PyTorch", lambda: engines.Peer("pytorch", weights, height, width, options.threads, "eager")))
    for name, start in contestants:
        engine = start()
        cost = engine.run()
        engine.close()
        yield {
            "engine": name, "network": network, "width": width, "height": height,
            "peak_bytes": cost.peak_bytes, "wall_s": cost.wall_s, "cpu_s": cost.cpu_s,
            "bytes_per_pixel": (cost.peak_bytes - weight_bytes - PROGRAM_BYTES) / (width * height),
        }


def markdown(results):
    lines = [f"{results['date']}, {results['machine']['processor']}, commit {results['machine']['commit']}.", "",
             "| engine | network | size | megapixels | peak MB | kB/pixel beyond weights + 60 MB | wall s | CPU-s |",
             "|---|---|---|---|---|---|---|---|"]
    lines += [
        f"| {p['engine']} | {p['network']} | {p['width']}×{p['height']} | {p['width'] * p['height'] / 1e6:.2f} | "
        f"{p['peak_bytes'] / 1e6:.0f} | {p['bytes_per_pixel'] / 1e3:.2f} | {p['wall_s']:.2f} | {p['cpu_s']:.2f} |"
        for p in results["points"]
    ]
    return "\n".join(lines)


def main():
    options = parse_arguments()
    points = []
    for network in options.networks:
        for width, height in sizes(options.root / "Benchmarks" / "sizes.txt", options.largest):
            for point in measure(options, network, width, height):
                points.append(point)
                print(f"{point['engine']:9} {network:10} {width}x{height}: {point['peak_bytes'] / 1e6:.0f} MB peak, "
                      f"{point['bytes_per_pixel']:.0f} B/pixel, {point['wall_s']:.2f} s wall, "
                      f"{point['cpu_s']:.2f} CPU-s", flush=True)
    results = {"machine": machine.describe(options.root), "date": machine.today(), "points": points}
    (options.work / "memory.json").write_text(json.dumps(results, indent=1) + "\n")
    if options.publish:
        documents = options.root / "docs"
        (documents / "memory.json").write_text(json.dumps(results, indent=1) + "\n")
        table.replace_in(documents / "PERFORMANCE.md", markdown(results), BEGIN)


if __name__ == "__main__":
    sys.exit(main())
