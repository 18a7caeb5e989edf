"""python training/crops.py : the side-by-side pictures of docs/models.md: lanczos, a model, and what the film was.

The clip is halved and coded as the caption says, then upscaled; the crop is shown at three times its size.
"""
import argparse
import pathlib
import tempfile

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from check_onnx import runner
from publish import MODELS
from video_codecs import QUIET, run

# (clip, seconds into it, left and top in the original, what it shows)
CROPS = [
    ("bbb_720p25_aac51.mp4", 2.0, 520, 200, "animation"),
    ("film1910s_360p25_bw_mp3.mp4", 4.0, 250, 60, "film of 1915"),
    ("live_1080p25_redtree.mkv", 0.5, 1340, 720, "street"),
    ("screen_1916x1080p60.mp4", 9.0, 320, 720, "text"),
]
WIDTH, HEIGHT, ZOOM, CAPTION = 160, 120, 3, 22
CODED = ["-c:v", "libx264", "-preset", "medium", "-crf", "18"]


def picture(path, seconds, chain, size):
    """One frame as three planes, uint8: Y [h,w], U and V [h/2,w/2]."""
    w, h = size
    raw = run([*QUIET, "-ss", str(seconds), "-i", str(path), "-frames:v", "1", "-vf", chain, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"])
    planes = np.frombuffer(raw, np.uint8)
    luma, chroma = planes[: w * h].reshape(h, w), planes[w * h :].reshape(2, h // 2, w // 2)
    return luma, chroma[0], chroma[1]


def size_of(path):
    probe = run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0", str(path)])
    w, h = (int(n) // 4 * 4 for n in probe.decode().split()[0].split(",")[:2])
    return w, h


def cut(planes, left, top):
    """The crop of a picture as RGB."""
    y, u, v = planes
    u, v = (np.kron(c, np.ones((2, 2), np.uint8)) for c in (u, v))
    return as_rgb(*(c[top : top + HEIGHT, left : left + WIDTH] for c in (y, u, v)))


def as_rgb(*planes):
    """Planes of one size as a picture: BT.709 in television range."""
    y, u, v = (c.astype(np.float64) for c in planes)
    y, u, v = (y - 16) * 255 / 219, (u - 128) * 255 / 224, (v - 128) * 255 / 224
    rgb = np.stack([y + 1.5748 * v, y - 0.1873 * u - 0.4681 * v, y + 1.8556 * u], 2)
    return Image.fromarray(np.clip(rgb + 0.5, 0, 255).astype(np.uint8))


def row_of(crop, model, media):
    clip, seconds, left, top, _ = crop
    path = pathlib.Path(media) / clip
    w, h = size_of(path)
    whole = f"crop={w}:{h}:0:0"
    with tempfile.TemporaryDirectory() as folder:
        half = pathlib.Path(folder) / "half.mkv"
        run([*QUIET, "-ss", str(seconds), "-i", str(path), "-t", "0.5", "-an", "-vf", f"{whole},scale={w // 2}:{h // 2}:flags=bicubic", *CODED, str(half)])
        low = picture(half, 0, "null", (w // 2, h // 2))
        lanczos = picture(half, 0, f"scale={w}:{h}:flags=lanczos+accurate_rnd", (w, h))
    made = (model(np.ascontiguousarray(low[0])), *lanczos[1:])
    truth = picture(path, seconds, whole, (w, h))
    return [cut(planes, left, top) for planes in (lanczos, made, truth)]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--media", default="../shared/media")
    p.add_argument("--model", type=pathlib.Path, default=MODELS / "upreel-x2-sharp16x4-50-int8.onnx")
    p.add_argument("--out", type=pathlib.Path, default=MODELS.parents[2] / "docs/screenshots/crops.png")
    args = p.parse_args()
    model = runner(args.model)
    font = ImageFont.load_default(15)
    width, height = WIDTH * ZOOM, HEIGHT * ZOOM
    sheet = Image.new("RGB", (3 * width + 16, len(CROPS) * (height + CAPTION)), "white")
    draw = ImageDraw.Draw(sheet)
    for n, crop in enumerate(CROPS):
        top = n * (height + CAPTION)
        titles = (f"{crop[4]}: lanczos", args.model.stem, "the original")
        for column, (title, part) in enumerate(zip(titles, row_of(crop, model, args.media))):
            left = column * (width + 8)
            draw.text((left + 2, top + 2), title, "black", font)
            sheet.paste(part.resize((width, height), Image.NEAREST), (left, top + CAPTION))
    sheet.save(args.out, optimize=True)


if __name__ == "__main__":
    main()
