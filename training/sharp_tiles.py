"""Training tiles of the `sharp` flavour: what a film shows, coded, and what it would show with a crisper lens.

The target is the picture before most of the softening that the film has; training sharpens it within bounds (sharpen.py).
What was soft on purpose, or coded badly, is sharpened less: there is nothing crisp in it to find, only noise and block edges.
"""
from PIL import ImageFilter
import numpy as np

from clean_tiles import TILE
from live_tiles import as_filmed, build_tiles, degrade, moving_windows, scene

CLIPS, SEED = 480, 21


def random_encoder(random):
    """ffmpeg arguments of what discs, broadcasts and the web are coded with, bad ones too; often twice in a row."""
    kind = random.random()
    if kind < 0.10:
        return []
    if kind < 0.62:
        preset = random.choice(["veryfast", "fast", "medium"])
        return ["-c:v", "libx264", "-preset", preset, "-crf", str(round(random.triangular(15, 22, 33), 1))]
    if kind < 0.80:
        return ["-c:v", "mpeg2video", "-q:v", str(random.integers(2, 9)), "-bf", "2", "-g", "12"]
    if kind < 0.90:
        return ["-c:v", "mpeg4", "-q:v", str(random.integers(2, 8)), "-bf", "1"]
    if kind < 0.95:
        crf = str(random.integers(24, 42))
        return ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "6", "-b:v", "0", "-crf", crf]
    return ["-c:v", "libx265", "-preset", "veryfast", "-crf", str(random.integers(19, 31)), "-x265-params", "log-level=0:pools=1"]


def badness(encoder):
    """0 for what looks untouched, 1 for what is mostly damage; by -crf or -q:v, of which every encoder here has one."""
    if not encoder:
        return 0.0
    option = "-crf" if "-crf" in encoder else "-q:v"
    good, bad = (28, 42) if "libvpx-vp9" in encoder else (22, 32) if option == "-crf" else (3, 8)
    return float(np.clip((float(encoder[encoder.index(option) + 1]) - good) / (bad - good), 0, 1))


def soft_and_crisp(rgb, random, step=4):
    """(frames as filmed, the same before most of the softening, how soft they are from 0 to 1)."""
    picture = scene(rgb, random)
    shown, sigma = as_filmed(picture, random)
    softness = float(np.clip((sigma - 0.6) / 1.2, 0, 1))
    kept = sigma * (0.35 + 0.55 * softness)
    crisp = shown if sigma == 2.0 else picture.filter(ImageFilter.GaussianBlur(kept)) if sigma else picture
    return *moving_windows([shown, crisp], random, step), softness


def sharpening(softness, encoders):
    """Weight of the sharpening of what these coded, one after the other."""
    return (1 - 0.6 * softness) * (1 - 0.6 * max(map(badness, encoders)))


def sharp_clip(rgb, random):
    """(low, high, weight of the sharpening, what the film shows) of one clip, or nothing where the picture is too small."""
    frames, target, softness = soft_and_crisp(rgb, random)
    if min(frames.shape[1:]) < 2 * TILE:
        return None
    encoder = random_encoder(random)
    return degrade(frames, random, lambda _: encoder), target, sharpening(softness, [encoder]), frames


def build(data, cache):
    return build_tiles("sharp", sharp_clip, data, cache, CLIPS, SEED)


if __name__ == "__main__":
    import argparse

    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--data", default="../shared/train")
    p.add_argument("--cache", default="/tmp/upreel-train")
    args = p.parse_args()
    print(build(args.data, args.cache))
