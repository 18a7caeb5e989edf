"""Training tiles of the `worn` flavour: films in codecs that leave block edges, as DVDs and old rips are, and what they were.

MPEG-2 and MPEG-4 part 2 have no filter that smooths their blocks; H.264 and later have one. The target is that of `sharp`,
the picture before coding and before most of its softening, so that blocks and the shimmer around edges are damage to be
removed. The worse the coding, the less the target is sharpened.
"""
from clean_tiles import TILE
from live_tiles import build_tiles, degrade
from sharp_tiles import sharpening, soft_and_crisp
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
    frames, target, softness = soft_and_crisp(rgb, random)
    if min(frames.shape[1:]) < 2 * TILE:
        return None
    # Every fourth one is a rip of what was coded before.
    passes = [random_encoder(random) for _ in range(2 if random.random() < 0.25 else 1)]
    low = degrade(frames, random, lambda _: passes[0])
    for again in passes[1:]:
        low = coded(low, again)
    return low, target, sharpening(softness, passes)


def build(data, cache):
    return build_tiles("worn", worn_clip, data, cache, CLIPS, SEED)


if __name__ == "__main__":
    import argparse

    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--data", default="../shared/train")
    p.add_argument("--cache", default="/tmp/upreel-train")
    args = p.parse_args()
    print(build(args.data, args.cache))
