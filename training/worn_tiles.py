"""Training tiles of the `worn` flavour: films coded badly, as DVDs, old rips and web copies are, and what they were before.

The target is that of `sharp`, the picture before coding and before most of its softening, so that blocks and the shimmer
around edges are damage to be removed. The worse the coding, the less the target is sharpened.
"""
from PIL import ImageFilter
import numpy as np

from clean_tiles import TILE
from live_tiles import as_filmed, build_tiles, degrade, moving_windows, scene
from sharp_tiles import badness
from video_codecs import coded

CLIPS, SEED = 400, 33


def x264(random, best, usual, worst):
    preset = random.choice(["veryfast", "fast", "medium"])
    return ["-c:v", "libx264", "-preset", preset, "-crf", str(round(random.triangular(best, usual, worst), 1))]


def random_encoder(random):
    """ffmpeg arguments of what a viewer sees the damage of."""
    kind = random.random()
    if kind < 0.46:
        return x264(random, 20, 29, 36)
    if kind < 0.68:
        return ["-c:v", "mpeg2video", "-q:v", str(random.integers(3, 13)), "-bf", "2", "-g", "12"]
    if kind < 0.84:
        return ["-c:v", random.choice(["mpeg4", "mpeg4", "msmpeg4v2"]), "-q:v", str(random.integers(3, 11)), "-g", "120"]
    if kind < 0.92:
        crf = str(random.integers(32, 52))
        return ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "6", "-b:v", "0", "-crf", crf]
    return ["-c:v", "libx265", "-preset", "veryfast", "-crf", str(random.integers(24, 36)), "-x265-params", "log-level=0:pools=1"]


def coded_before(random):
    """What a rip was made from."""
    return ["-c:v", "mpeg2video", "-q:v", str(random.integers(3, 9)), "-bf", "2", "-g", "12"] if random.random() < 0.6 else x264(random, 18, 24, 30)


def worn_clip(rgb, random):
    """(low, high, weight of the sharpening) of one clip, or nothing where the picture is too small."""
    picture = scene(rgb, random)
    shown, sigma = as_filmed(picture, random)
    softness = float(np.clip((sigma - 0.6) / 1.2, 0, 1))
    kept = sigma * (0.35 + 0.55 * softness)
    crisp = shown if sigma == 2.0 else picture.filter(ImageFilter.GaussianBlur(kept)) if sigma else picture
    frames, target = moving_windows([shown, crisp], random)
    if min(frames.shape[1:]) < 2 * TILE:
        return None
    passes = [coded_before(random), random_encoder(random)] if random.random() < 0.25 else [random_encoder(random)]
    low = degrade(frames, random, lambda _: passes[0])
    for again in passes[1:]:
        low = coded(low, again)
    weight = (1 - 0.6 * softness) * (1 - 0.6 * max(map(badness, passes)))
    return low, target, weight


def build(data, cache):
    return build_tiles("worn", worn_clip, data, cache, CLIPS, SEED)


if __name__ == "__main__":
    import argparse

    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--data", default="../shared/train")
    p.add_argument("--cache", default="/tmp/upreel-train")
    args = p.parse_args()
    print(build(args.data, args.cache))
