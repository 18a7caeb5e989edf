"""python training/blind.py : twenty pairs of pictures for docs/blind/index.html, to be voted on without knowing which is which.

Each pair is a part of a film that was halved and coded: once enlarged by lanczos, as players do, once by a network. Which of
the two files is which is drawn here and kept in the page, which tells it after the vote. Two clips of the test set show people
who never agreed to be looked at: they are left out.
"""
import argparse
import json
import pathlib
import re
import tempfile

import numpy as np
from PIL import Image

from check_onnx import runner
from crops import as_rgb, picture, size_of
from publish import MODELS
from sheet import busiest
from video_codecs import QUIET, run

CODED = {crf: ["-c:v", "libx264", "-preset", "medium", "-crf", str(crf)] for crf in (18, 24)}
# (clip, seconds into it, crf): every clip at one rate, five of them at the other one as well.
SHOTS = [
    ("live_1080p25_redtree.mkv", 0.5, 18), ("live_720p30_dog_aac.mp4", 1.0, 24), ("concert_1080p50_pcm.mov", 0.5, 18),
    ("flower_540p2997_aac.mp4", 1.0, 24), ("toys_480p30_crystal_aac.mp4", 2.0, 18), ("road_432p12.5_car.mp4", 2.0, 24),
    ("hall_432p10_long139s.mp4", 8.0, 18), ("phone_360p30_17s_roof.mp4", 3.0, 24), ("film1910s_360p25_bw_mp3.mp4", 4.0, 18),
    ("screen_1916x1080p60.mp4", 9.0, 24), ("bbb_720p25_aac51.mp4", 2.0, 18), ("bbb_1080p60_vp8_vorbis51.webm", 0.4, 24),
    ("anim_400p23.976_mpeg4_mp3.avi", 2.5, 18), ("cartoon1936_1440x1074_pgs.mkv", 22.0, 24),
    ("cartoon1936_dvd_720x478_sar8-9_vobsub.mkv", 30.0, 18),
    ("live_720p30_dog_aac.mp4", 3.0, 18), ("toys_480p30_crystal_aac.mp4", 8.0, 24), ("film1910s_360p25_bw_mp3.mp4", 7.0, 24),
    ("bbb_720p25_aac51.mp4", 4.0, 24), ("hall_432p10_long139s.mp4", 40.0, 24),
]  # fmt: skip
WIDTH, HEIGHT = 240, 168
PAGE = MODELS.parents[2] / "docs/blind/index.html"
SEED = 1912


def cut(planes, left, top):
    y, u, v = planes
    u, v = (np.kron(c, np.ones((2, 2), np.uint8)) for c in (u, v))
    return as_rgb(*(c[top : top + HEIGHT, left : left + WIDTH] for c in (y, u, v)))


def pair_of(shot, model, media):
    """(lanczos, network): the busiest part of one picture."""
    clip, seconds, crf = shot
    path = pathlib.Path(media) / clip
    w, h = size_of(path)
    chain = f"crop={w}:{h}:0:0,scale={w // 2}:{h // 2}:flags=bicubic:out_range=tv,format=yuv420p"
    with tempfile.TemporaryDirectory() as folder:
        half = pathlib.Path(folder) / "half.mkv"
        run([*QUIET, "-ss", str(seconds), "-i", str(path), "-t", "0.5", "-an", "-sn", "-map", "0:v:0", "-vf", chain, *CODED[crf], str(half)])
        low = picture(half, 0, "null", (w // 2, h // 2))
        lanczos = picture(half, 0, f"scale={w}:{h}:flags=lanczos+accurate_rnd", (w, h))
    top, left = busiest(lanczos[0], (HEIGHT, WIDTH))
    made = (model(np.ascontiguousarray(low[0])), *lanczos[1:])
    return [cut(planes, left, top) for planes in (lanczos, made)]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--media", default="../shared/media")
    p.add_argument("--model", type=pathlib.Path, default=MODELS / "upreel-x2-sharp16x2-50-int8.onnx")
    args = p.parse_args()
    model, random = runner(args.model), np.random.default_rng(SEED)
    pairs = []
    for n, shot in enumerate(SHOTS, 1):
        both = pair_of(shot, model, args.media)
        network_at = int(random.integers(0, 2))
        names = [f"{n:02}{letter}.webp" for letter in "ab"]
        for name, part in zip(names, reversed(both) if network_at == 0 else both):
            part.save(PAGE.parent / name, quality=92, method=6)
        pairs.append({"files": names, "network": names[network_at], "film": f"{shot[0]}, H.264 at crf {shot[2]}"})
    told = json.dumps({"network": args.model.stem, "other": "lanczos", "pairs": pairs})
    page = PAGE.read_text()
    PAGE.write_text(re.sub(r'(<script id="pairs" type="text/plain">).*?(</script>)', lambda m: f"{m[1]}\n      {told}\n    {m[2]}", page, flags=re.S))
    print(PAGE, len(pairs), "pairs,", sum(f.stat().st_size for f in PAGE.parent.glob("*.webp")), "bytes")


if __name__ == "__main__":
    main()
