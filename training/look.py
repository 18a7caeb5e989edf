"""python training/look.py FILE… : what viewers see of an upscaled film, model by model: the tables of docs/models.md.

VMAF and VMAF-NEG (which does not reward sharpening), PSNR, and four measures of our own, of the luma of the test clips:
seen: distance of what a trained network sees (perceptual.py), in hundredths, less is better;
sharp: gradients over those of the truth; flicker: change from frame to frame over that of the truth; halo: how many levels
a pixel beside a hard edge goes beyond the range of the truth around it.
"""
import argparse
import json
import pathlib

import numpy as np
import torch

from check_onnx import runner
from clips import BAD_SOURCES, CLIPS, enlarged_plainly, read_frames, shrunk
from evaluate import psnr
from perceptual import distance
from publish import MODELS
from vmaf import pooled

JUDGED_SOURCES = ("h264 crf 18", "h264 crf 24")
MEASURES = ("psnr", "vmaf", "neg", "seen", "sharp", "flicker", "halo")
HARD_EDGE = 60
BOTH = r"model='version=vmaf_v0.6.1\:name=vmaf|version=vmaf_v0.6.1neg\:name=neg':n_subsample=4:"


def gradients(x):
    return np.abs(np.diff(x, axis=-1)).mean() + np.abs(np.diff(x, axis=-2)).mean()


def around(x, reach=2):
    """(lowest, highest) of the square around each pixel."""
    low = high = x
    for axis in (-1, -2):
        shifted = [np.roll(low, n, axis) for n in range(-reach, reach + 1)]
        low = np.minimum.reduce(shifted)
        high = np.maximum.reduce([np.roll(high, n, axis) for n in range(-reach, reach + 1)])
    return low, high


def halo(made, truth):
    low, high = around(truth)
    is_hard = high - low > HARD_EDGE
    beyond = np.maximum(np.maximum(made - high, low - made), 0)
    return float(np.percentile(beyond[is_hard], 98)) if is_hard.sum() > 500 else float("nan")


def measure(made, truth, quick=False):
    made16, truth16 = made.astype(np.int16), truth.astype(np.int16)
    seen_by = {} if quick else pooled(made, truth, BOTH)
    middle = len(truth) // 2
    return {
        "psnr": float(np.mean([psnr(a, b) for a, b in zip(made[::5], truth[::5])])),
        "vmaf": seen_by.get("vmaf", float("nan")),
        "neg": seen_by.get("neg", float("nan")),
        "seen": float("nan") if quick else 100 * distance(made[middle], truth[middle]),
        "sharp": gradients(made16[middle]) / gradients(truth16[middle]),
        "flicker": float(np.abs(np.diff(made16[:8], axis=0)).mean() / max(1e-3, np.abs(np.diff(truth16[:8], axis=0)).mean())),
        "halo": halo(made16[middle], truth16[middle]),
    }


def score(clip, source, models, media, side, quick):
    high = read_frames(pathlib.Path(media) / clip, side)
    low = shrunk(high, source, side)
    rows = {"lanczos": measure(enlarged_plainly(low, high.shape, "lanczos"), high, quick)}
    for name, upscale in models.items():
        rows[name] = measure(np.stack([upscale(np.ascontiguousarray(p)) for p in low]), high, quick)
    return rows


def fitted(run, factor):
    """What a x2 network makes, and lanczos the rest."""
    def upscale(plane):
        h, w = plane.shape
        return enlarged_plainly(run(plane)[None], (1, factor * h, factor * w), "lanczos")[0]

    return upscale


def mean(rows, name, key):
    return float(np.nanmean([r[name][key] for r in rows]))


def print_table(found, clips):
    print("| model | " + " | ".join(MEASURES) + " | worst psnr | worst neg |")
    print("| --- |" + " --- |" * (len(MEASURES) + 2))
    every = list(found.values())
    for name in every[0][0]:
        cells = [" · ".join(f"{mean(rows, name, k):.{2 if k in ('sharp', 'flicker', 'seen') else 1}f}" for rows in every) for k in MEASURES]
        for key in ("psnr", "neg"):
            worst = min((r[name][key] - r["lanczos"][key], c) for rows in every for r, c in zip(rows, clips))
            cells.append(f"{worst[0]:+.2f} {worst[1][:14]}")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--media", default="../shared/media")
    p.add_argument("--clips", help="comma-separated: names that begin with one of these")
    p.add_argument("--not", dest="but", help="the same: all but these")
    p.add_argument("--bad", action="store_true", help="sources coded badly")
    p.add_argument("--quick", action="store_true", help="without VMAF and what a network sees")
    p.add_argument("--json", type=pathlib.Path)
    p.add_argument("--factor", default="x2", choices=["x1.5", "x2", "x3", "x4"], help="from x3 on what x2 gives is enlarged by lanczos")
    p.add_argument("files", nargs="*", type=pathlib.Path)
    args = p.parse_args()
    torch.set_num_threads(1)
    clips = [c for c in CLIPS if c.startswith(tuple((args.clips or "").split(",")))]
    if args.but:
        clips = [c for c in clips if not c.startswith(tuple(args.but.split(",")))]
    models = {f.stem: runner(f) for f in args.files or sorted(MODELS.glob("upreel-x2-*-int8.onnx"))}
    side = {"x1.5": 3, "x3": 6, "x4": 8}.get(args.factor, 4)
    if side > 4:
        models = {name: run if f"-{args.factor}-" in name else fitted(run, side // 2) for name, run in models.items()}
    sources = BAD_SOURCES if args.bad else JUDGED_SOURCES
    found = {s: [score(c, s, models, args.media, side, args.quick) for c in clips] for s in sources}
    if args.json:
        args.json.write_text(json.dumps(found))
    print_table(found, clips)


if __name__ == "__main__":
    main()
