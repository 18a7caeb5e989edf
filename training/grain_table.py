"""python training/grain_table.py FILE… : how strongly film grain leaves each network, over how strongly it leaves lanczos.

Grain is put on a halved clip; what it changes in the enlarged picture is measured by enlarging it with and without. More
than 1 is sharpened grain. The tables of docs/models.md.
"""
import argparse
import pathlib

import numpy as np
import torch

from check_onnx import runner
from clips import enlarged_plainly, read_frames
from grain import grain
from publish import MODELS
from video_codecs import coded, filtered

DEVIATIONS = (1.6, 3.2, 5.6, 9.6)
CODED = ["-c:v", "libx264", "-preset", "medium", "-crf", "18"]
FRAMES, JUDGED = 4, 2


def grainy(low, deviation, sigma):
    random = np.random.default_rng(1)
    noise = grain(random, len(low), low.shape[1:], sigma)[:, 0].numpy()
    return np.clip(low + noise * deviation + 0.5, 0, 255).astype(np.uint8)


def shares(low, shape, models, deviation, sigma):
    """{model: its grain over lanczos's} of the clip coded with and without grain."""
    pair = [coded(frames, CODED) for frames in (low, grainy(low, deviation, sigma))]
    left = lambda upscale: np.subtract(*(upscale(frames).astype(np.float64) for frames in pair)).std()
    plain = left(lambda frames: enlarged_plainly(frames, shape, "lanczos")[JUDGED])
    return {name: left(lambda frames: run(np.ascontiguousarray(frames[JUDGED]))) / plain for name, run in models.items()}


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--media", default="../shared/media")
    p.add_argument("--clip", default="sign_480p30_person.mkv")
    p.add_argument("files", nargs="*", type=pathlib.Path)
    args = p.parse_args()
    torch.set_num_threads(1)
    models = {f.stem: runner(f) for f in args.files or sorted(MODELS.glob("upreel-x2-*-int8.onnx"))}
    high = read_frames(pathlib.Path(args.media) / args.clip)[:FRAMES]
    h, w = high.shape[1] // 2, high.shape[2] // 2
    low = filtered(high, f"scale={w}:{h}:flags=bicubic+accurate_rnd", h, w)
    found = [shares(low, high.shape, models, deviation, sigma) for sigma in (0.0, 0.7) for deviation in DEVIATIONS]
    print("| grain over lanczos's | " + " | ".join(f"{kind}, {d:g} levels" for kind in ("fine", "soft") for d in DEVIATIONS) + " |")
    print("| --- |" + " --- |" * len(found))
    for name in models:
        print(f"| {name} | " + " | ".join(f"{row[name]:.2f}" for row in found) + " |")


if __name__ == "__main__":
    main()
