"""python training/steady.py FILE… : how steady a network keeps what stands still, and what moves slowly: a table of docs/models.md.

Of each clip one picture, as it stands and as a camera pans over it by a pixel a frame, halved and coded like the test clips.
still: change from frame to frame in grey levels, of which the truth has none; pan: the same over that of the truth.
"""
import argparse
import pathlib

import numpy as np

from check_onnx import runner
from clips import CLIPS, enlarged_plainly, read_frames, shrunk
from publish import MODELS

JUDGED_SOURCES = ("h264 crf 18", "h264 crf 24")
FRAMES = 12


def still(picture):
    return np.stack([picture] * FRAMES)


def pan(picture):
    """A window that moves to the right by a pixel a frame: half a pixel of what is upscaled."""
    width = (picture.shape[1] - FRAMES) // 4 * 4
    return np.stack([picture[:, n : n + width] for n in range(FRAMES)])


def change(frames):
    """Mean change of a pixel from frame to frame."""
    return float(np.abs(np.diff(frames.astype(np.int16), axis=0)).mean())


def score(clip, source, models, media):
    """{model: (still, pan)} of one clip, coded as `source` says."""
    picture = read_frames(pathlib.Path(media) / clip)[0]
    rows = {}
    for motion in (still, pan):
        truth = motion(picture)
        low = shrunk(truth, source)
        over = change(truth) if motion is pan else 1
        made = {"lanczos": enlarged_plainly(low, truth.shape, "lanczos")}
        for name, upscale in models.items():
            made[name] = np.stack([upscale(np.ascontiguousarray(p)) for p in low])
        for name, frames in made.items():
            rows.setdefault(name, []).append(change(frames) / over)
    return rows


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--media", default="../shared/media")
    p.add_argument("--clips", help="comma-separated: names that begin with one of these")
    p.add_argument("files", nargs="*", type=pathlib.Path)
    args = p.parse_args()
    clips = [c for c in CLIPS if c.startswith(tuple((args.clips or "").split(",")))]
    models = {f.stem: runner(f) for f in args.files or sorted(MODELS.glob("upreel-x2-*-int8.onnx"))}
    found = [[score(c, s, models, args.media) for c in clips] for s in JUDGED_SOURCES]
    print("| model | still, levels | pan, of the truth's | pan, over lanczos's | furthest from lanczos's |")
    print("| --- | --- | --- | --- | --- |")
    for name in found[0][0]:
        stills, pans = ([[row[name][n] for row in rows] for rows in found] for n in (0, 1))
        plain = [[row["lanczos"][1] for row in rows] for rows in found]
        over = [[a / b - 1 for a, b in zip(*pair)] for pair in zip(pans, plain)]
        furthest = max((abs(x), x, c) for each in over for x, c in zip(each, clips))
        cells = [" · ".join(f"{np.mean(each):.{digits}f}" for each in rows) for rows, digits in ((stills, 3), (pans, 2))]
        cells.append(" · ".join(f"{100 * np.mean(each):+.1f} %" for each in over))
        cells.append(f"{100 * furthest[1]:+.1f} % {furthest[2][:14]}")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
