"""Training tiles of the `worn` flavour: films in codecs that leave block edges, as DVDs and old rips are, and what they were.

MPEG-2 and MPEG-4 part 2 have no filter that smooths their blocks; H.264 and later have one. The target is that of `sharp`,
the picture before coding and before most of its softening, so that blocks and the shimmer around edges are damage to be
removed. The worse the coding, the less the target is sharpened.
"""
from PIL import ImageFilter
import numpy as np

from clean_tiles import TILE
from live_tiles import as_filmed, build_tiles, degrade, moving_windows, scene
from sharp_tiles import badness
from video_codecs import coded

CLIPS, SEED = 260, 34


def random_encoder(random):
    """ffmpeg arguments of discs, broadcasts and rips of 700 MB."""
    if random.random() < 0.55:
        return ["-c:v", "mpeg2video", "-q:v", str(random.integers(2, 12)), "-bf", "2", "-g", "12"]
    codec = random.choice(["mpeg4", "mpeg4", "mpeg4", "msmpeg4v2"])
    return ["-c:v", codec, "-q:v", str(random.integers(2, 11)), "-g", "120"]


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
    # Every fourth one is a rip of what was coded before.
    passes = [random_encoder(random) for _ in range(2 if random.random() < 0.25 else 1)]
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
