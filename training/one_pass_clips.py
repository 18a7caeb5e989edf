"""Clips of the training pictures, three and four times smaller than they are to become: what fit_last.py solves last layers on."""
import pathlib
import pickle
import sys

import numpy as np

from clean_tiles import TILE
from live_tiles import KEPT, degrade, draw_picture
from pictures import split
from sharp_tiles import random_encoder, sharpening, soft_and_crisp

CLIPS, SEED = 48, 34
FACTORS = (3, 4)
STEP = 24  # sides of the large pictures: the small ones are even


def clip_of(rgb, random):
    """{factor: (low, crisp picture, weight of the sharpening, what the film shows)} of one picture; empty where it is too small."""
    shown, target, softness = soft_and_crisp(rgb, random, STEP)
    if min(shown.shape[1:]) < max(FACTORS) * TILE:
        return {}
    encoder = random_encoder(random)
    weight = sharpening(softness, [encoder])
    kept = list(KEPT)
    return {f: (degrade(shown, random, lambda _: encoder, f)[kept], target[kept], weight, shown[kept]) for f in FACTORS}


def make_clips(data, cache):
    """{factor: [clip]}, kept between runs."""
    file = pathlib.Path(cache) / "one-pass.pickle"
    if file.exists():
        return pickle.loads(file.read_bytes())
    train, _ = split(data)
    clips = {factor: [] for factor in FACTORS}
    for n in range(CLIPS):
        random = np.random.default_rng([SEED, n])
        for factor, clip in clip_of(draw_picture(train, data, random, n), random).items():
            clips[factor].append(clip)
        if n % 8 == 0:
            print(f"clip {n}", file=sys.stderr, flush=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(pickle.dumps(clips))
    return clips
