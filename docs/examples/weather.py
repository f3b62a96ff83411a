"""Procedural rain and snow: clean uint8 RGB in, degraded uint8 RGB out. Seeded, so a picture can be made again."""

import numpy as np
from scipy.ndimage import gaussian_filter, rotate


def streak_layer(rng, height, width, density, length, blur, angle):
    """Sparse impulses drawn out along one direction: values about 0..1, (height, width) float32."""
    # Drawn on a square with room for any angle, turned, and cropped from its middle.
    side = int(np.hypot(height, width)) + length
    impulses = (rng.random((side, side)) < density).astype(np.float32)
    impulses *= rng.uniform(0.3, 1.0, (side, side)).astype(np.float32)
    taps = np.hanning(length + 2)[1:-1].astype(np.float32)
    spectrum = np.fft.rfft(impulses, axis=0, n=side + length)
    kernel = np.fft.rfft(taps, n=side + length)[:, None]
    streaks = np.fft.irfft(spectrum * kernel, axis=0)[:side]
    streaks = gaussian_filter(streaks, (0, blur)) / max(blur * 0.6, 0.45) * 0.75
    streaks = rotate(streaks, angle, reshape=False, order=1)
    top, left = (side - height) // 2, (side - width) // 2
    return streaks[top : top + height, left : left + width]


def rain(image, rng, mean_rise):
    """Adds layers of grey streaks whose mean is `mean_rise` grey levels; clips at 255."""
    height, width = image.shape[:2]
    angle = rng.uniform(-20, 20)
    mask = np.zeros((height, width), np.float32)
    for _ in range(4):
        layer = streak_layer(
            rng, height, width,
            density=rng.uniform(0.0015, 0.006), length=int(rng.uniform(12, 45)),
            blur=rng.uniform(0.3, 0.9), angle=angle + rng.normal(0, 4))
        mask += rng.uniform(50, 170) * np.clip(layer, 0, 1.6)
    mask *= mean_rise / mask.mean()
    return np.clip(image + mask[..., None], 0, 255).round().astype(np.uint8)


def snow(image, rng):
    """Lays white, partly transparent flakes of mixed size over the picture, some of them blurred by motion."""
    height, width = image.shape[:2]
    margin = 16
    shape = (height + 2 * margin, width + 2 * margin)
    opacity = np.zeros((height, width), np.float32)
    angle = rng.uniform(-40, 40)
    # Smallest and largest radius in pixels, flakes per pixel.
    for smallest, largest, density in ((0.45, 0.9, 1.6e-2), (0.9, 1.8, 4e-3), (1.8, 4.0, 6e-4)):
        for radius in rng.uniform(smallest, largest, 3):
            flakes = (rng.random(shape) < density / 3).astype(np.float32)
            flakes *= rng.uniform(0.35, 1.0, shape).astype(np.float32)
            blobs = gaussian_filter(flakes, (radius * rng.uniform(0.8, 1.5), radius))
            blobs *= 2 * np.pi * radius * radius * rng.uniform(0.7, 1.2)
            if rng.random() < 0.5:
                length = int(rng.uniform(2, 6 * radius + 3))
                taps = np.ones(length, np.float32) / length * min(2.0, length**0.5)
                blobs = np.apply_along_axis(lambda column: np.convolve(column, taps, "same"), 0, blobs)
                blobs = rotate(blobs, angle, reshape=False, order=1)
            inner = blobs[margin : margin + height, margin : margin + width]
            opacity = np.maximum(opacity, np.clip(inner, 0, 1))
    tint = rng.uniform(235, 255)
    veil = opacity[..., None] * 0.95
    return np.clip(image * (1 - veil) + tint * veil, 0, 255).round().astype(np.uint8)
