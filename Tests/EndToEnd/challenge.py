#!/usr/bin/env python3
"""Checks an outbox and its bundle with numpy and Pillow: challenge.py ORIGINALS OUTBOX."""
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image


def pixels(path: Path) -> np.ndarray:
    """(3, H, W) uint8, RGB."""
    return np.asarray(Image.open(path).convert("RGB")).transpose(2, 0, 1)


def main() -> None:
    originals, outbox = Path(sys.argv[1]), Path(sys.argv[2])
    names = sorted(path.name for path in originals.glob("*.png"))
    bundle = np.load(outbox / "pred.npz", allow_pickle=False)
    assert bundle.files == names, f"keys: expected {len(names)} names in order, found {bundle.files}"

    changes = []
    for name in names:
        prediction, before = bundle[name], pixels(originals / name)
        assert prediction.dtype == np.uint8, f"{name}: {prediction.dtype}"
        assert prediction.shape == before.shape, f"{name}: {prediction.shape}, original {before.shape}"
        assert np.array_equal(prediction, pixels(outbox / name)), f"{name}: differs from the outbox"
        change = np.abs(prediction.astype(int) - before)
        changes.append(change.mean())
        # All have rain or snow, if only a few flakes. A picture that comes back as it went in was not restored; one
        # far off was ruined.
        assert change.max() > 40, f"{name}: no change above {change.max()} grey levels"
        assert changes[-1] < 128, f"{name}: mean change of {changes[-1]:.2f} grey levels"

    with zipfile.ZipFile(outbox / "submission.zip") as submission:
        assert submission.namelist() == ["pred.npz"], submission.namelist()
        assert submission.testzip() is None
        inner = submission.read("pred.npz")
    assert inner == (outbox / "pred.npz").read_bytes(), "submission.zip holds another pred.npz"
    assert np.load(io.BytesIO(inner)).files == names
    print(f"{len(names)} arrays equal to the outbox; mean change {np.mean(changes):.1f} grey levels")


main()
