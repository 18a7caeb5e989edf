"""python training/sheet.py : the contact sheet of docs/models.md: a picture of every test clip, enlarged by a player and by us.

Of each clip the first picture that shows something, and of that the part with most detail, as it came: nothing is coded again.
On the left it is enlarged by bicubic, as players do, on the right by the network that `MODEL=auto` would begin with.
"""
import argparse
import json
import pathlib

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from check_onnx import runner
from crops import as_rgb
from publish import MODELS
from video_codecs import QUIET, run

WIDTH, HEIGHT = 120, 84  # of the part, before it is doubled
COLUMNS, GAP, BETWEEN, CAPTION = 3, 12, 2, 16
LEAST_CONTRAST = 12
# Clips of people who can be recognised are for measuring alone.
PEOPLE = ("face_", "sign_")
BLOCKY = ("mpeg2video", "mpeg4")


def track_of(path):
    """The first picture track: ffprobe's facts."""
    say = run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-of", "json", "-show_entries",
               "stream=codec_name,width,height,color_transfer:stream_side_data=rotation", str(path)])  # fmt: skip
    return json.loads(say)["streams"][0]


def first_picture(path, size, seconds=3):
    """Y, U and V of the first picture that is not plain."""
    w, h = size
    chain = f"crop={w}:{h}:0:0,fps=4,scale=out_range=tv,format=yuv420p"
    raw = run([*QUIET, "-i", str(path), "-t", str(seconds), "-map", "0:v:0", "-vf", chain, "-f", "rawvideo", "-"])
    frames = np.frombuffer(raw, np.uint8).reshape(-1, w * h * 3 // 2)
    frame = next((f for f in frames if f[: w * h].std() >= LEAST_CONTRAST), frames[-1])
    return frame[: w * h].reshape(h, w), *frame[w * h :].reshape(2, h // 2, w // 2)


def busiest(luma, size=(HEIGHT, WIDTH)):
    """(top, left) of the part of this size with the steepest slopes, even numbers."""
    high, wide = size
    steps = np.abs(np.diff(luma.astype(np.int32), axis=0))[:, :-1] + np.abs(np.diff(luma.astype(np.int32), axis=1))[:-1]
    total = np.pad(steps, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    sums = total[high:, wide:] - total[:-high, wide:] - total[high:, :-wide] + total[:-high, :-wide]
    top, left = np.unravel_index(sums[::2, ::2].argmax(), sums[::2, ::2].shape)
    return 2 * int(top), 2 * int(left)


def doubled(plane):
    return np.asarray(Image.fromarray(plane).resize((2 * plane.shape[1], 2 * plane.shape[0]), Image.BICUBIC))


def pair_of(path, facts, models):
    """The same part, by bicubic and by the network."""
    size = facts["width"] // 2 * 2, facts["height"] // 2 * 2
    luma, *chroma = first_picture(path, size)
    top, left = busiest(luma)
    made = models[facts["codec_name"] in BLOCKY](np.ascontiguousarray(luma))
    box = np.s_[2 * top : 2 * (top + HEIGHT), 2 * left : 2 * (left + WIDTH)]
    colours = [doubled(doubled(plane))[box] for plane in chroma]
    return [as_rgb(plane[box], *colours) for plane in (doubled(luma), made)]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--media", type=pathlib.Path, default="../shared/media")
    p.add_argument("--model", type=pathlib.Path, default=MODELS / "upreel-x2-sharp16x4-50-int8.onnx")
    p.add_argument("--worn", type=pathlib.Path, default=MODELS / "upreel-x2-worn16x4-int8.onnx", help="for MPEG-2 and MPEG-4")
    p.add_argument("--out", type=pathlib.Path, default=MODELS.parents[2] / "docs/screenshots/sheet.webp")
    args = p.parse_args()
    models = {False: runner(args.model), True: runner(args.worn)}
    shown = [path for path in sorted(args.media.iterdir()) if path.suffix not in (".md", "") and not path.name.startswith(PEOPLE)]
    clips = [(path, track_of(path)) for path in shown]
    # HDR is tone-mapped before the network; what is turned would lie on its side.
    is_turned = lambda facts: any(side.get("rotation") for side in facts.get("side_data_list", []))
    shown = [(p, f) for p, f in clips if f.get("color_transfer") not in ("smpte2084", "arib-std-b67") and not is_turned(f)]
    width, height = 4 * WIDTH + BETWEEN, 2 * HEIGHT + CAPTION
    rows = -(-len(shown) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (width + GAP) - GAP, rows * height), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(11)
    for n, (path, facts) in enumerate(shown):
        left, top = n % COLUMNS * (width + GAP), n // COLUMNS * height
        draw.text((left + 2, top + 1), f"{path.stem}  ({facts['codec_name']} {facts['width']}x{facts['height']})", "black", font)
        for column, part in enumerate(pair_of(path, facts, models)):
            sheet.paste(part, (left + column * (2 * WIDTH + BETWEEN), top + CAPTION))
    sheet.save(args.out, quality=86, method=6)
    print(args.out, args.out.stat().st_size, "bytes,", len(shown), "clips")


if __name__ == "__main__":
    main()
