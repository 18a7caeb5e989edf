"""Training tiles of the `live` flavour: moving windows over pictures, halved and coded as films on a server are."""
import json
import pathlib
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from clean_tiles import TILE
from video_codecs import coded, filtered
from pictures import check_hash, load_rgb, luma, split, to_uint8

CLIPS = 640
FRAMES, KEPT = 11, (0, 5, 10)  # an intra picture and two that were predicted
SCALERS = 4 * ["bicubic"] + 4 * ["lanczos"] + 2 * ["area"] + ["bilinear", "spline"]


def random_encoder(random):
    kind = random.random()
    if kind < 0.20:
        return []
    if kind < 0.67:
        crf = str(round(random.triangular(13, 20, 30), 1))
        tune = random.choice(["film", "animation", "grain", ""])
        preset = random.choice(["veryfast", "fast", "medium"])
        return ["-c:v", "libx264", "-preset", preset, "-crf", crf, *(["-tune", tune] if tune else [])]
    if kind < 0.87:
        return ["-c:v", "mpeg2video", "-q:v", str(random.integers(2, 8)), "-bf", "2", "-g", "12"]
    if kind < 0.94:
        return ["-c:v", "mpeg4", "-q:v", str(random.integers(2, 6)), "-bf", "1"]
    return ["-c:v", "libx265", "-preset", "veryfast", "-crf", str(random.integers(17, 28)), "-x265-params", "log-level=0:pools=1"]


def write_text(picture, random):
    """Subtitles and credits are part of what is watched."""
    draw, (w, h) = ImageDraw.Draw(picture), picture.size
    for _ in range(random.integers(2, 8)):
        font = ImageFont.load_default(int(random.integers(14, 56)))
        letters = "".join(random.choice(list("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLM   0123456789.,!?"), 24))
        shade = tuple([int(random.choice([255, 235, 200, 20]))] * 3)
        draw.text(
            (int(random.integers(0, max(1, w - 300))), int(random.integers(0, max(1, h - 60)))),
            letters, shade, font, stroke_width=int(random.integers(0, 4)), stroke_fill=(0, 0, 0),
        )
    return picture


def put_bars(versions, random):
    """Black bars beside or above the picture, cut anywhere: the hardest edge there is in films, and it never moves."""
    black = int(random.choice([16, 0]))
    first, second = random.integers(0, 70, 2)
    is_above = random.random() < 0.5
    for frames in versions:
        along = frames if is_above else frames.transpose(0, 2, 1)
        along[:, :first] = black
        along[:, along.shape[1] - second :] = black
    return versions


def once_enlarged(picture, random):
    """What was smaller once (old transfers, cartoons on DVD) has no detail in its finest octave at all."""
    small = [round(n * random.uniform(0.35, 0.75)) for n in picture.size]
    way = random.choice([Image.BILINEAR, Image.BICUBIC, Image.LANCZOS])
    return picture.resize(small, Image.LANCZOS).resize(picture.size, way)


def as_filmed(picture, random):
    """(what a film of this picture shows, how soft that is): most video is softer than a photograph.

    Too few soft targets, or too much blur in `degrade`, and the network sharpens what was never sharp: it lost to lanczos
    on soft clips with 0.35 here and 0.25 there.
    """
    soft = random.random()
    if soft < 0.5:
        sigma = random.uniform(0.4, 2.0)
        return picture.filter(ImageFilter.GaussianBlur(sigma)), sigma
    if soft < 0.65:
        return once_enlarged(picture, random), 2.0
    return picture, 0.0


def scene(rgb, random):
    """A picture at one of several sizes, at times with text on it."""
    picture = Image.fromarray(rgb)
    zoom = random.choice([1.0, 0.8, 0.6, 0.5])
    if min(picture.size) * zoom >= 480:
        picture = picture.resize([int(n * zoom) for n in picture.size], Image.LANCZOS)
    return write_text(picture, random) if random.random() < 0.2 else picture


def moving_windows(pictures, random, step=4):
    """[FRAMES,H,W] uint8 luma of each of these versions of one picture: what a steady camera move would show. Sides are multiples of `step`."""
    planes = [to_uint8(luma(np.asarray(picture))) for picture in pictures]
    speed = random.integers(-4, 5, 2) if random.random() < 0.8 else np.zeros(2, int)
    room = np.abs(speed) * (FRAMES - 1)
    h, w = (min(int(limit), (n - r) // step * step) for limit, n, r in zip((720, 1152), planes[0].shape, room))
    start = [random.integers(0, n - size - r + 1) + (r if v < 0 else 0)
             for n, size, r, v in zip(planes[0].shape, (h, w), room, speed)]
    corners = [(start[0] + t * speed[0], start[1] + t * speed[1]) for t in range(FRAMES)]
    versions = [np.stack([plane[y : y + h, x : x + w] for y, x in corners]) for plane in planes]
    return put_bars(versions, random) if random.random() < 0.25 else versions


def degrade(high, random, encoder, factor=2):
    h, w = high.shape[1] // factor, high.shape[2] // factor
    chain = []
    if random.random() < 0.08:
        chain.append(f"gblur=sigma={random.uniform(0.3, 0.6):.2f}")
    chain.append(f"scale={w}:{h}:flags={random.choice(SCALERS)}+accurate_rnd")
    if random.random() < 0.12:
        chain.append(f"noise=c0s={random.integers(2, 6)}:c0f=t:c0_seed={random.integers(1, 10000)}")
    return coded(filtered(high, ",".join(chain), h, w), encoder(random))


def tiles_of(low, *doubled):
    rows = sorted({min(t, low.shape[1] - TILE) for t in range(0, low.shape[1], TILE)})
    columns = sorted({min(t, low.shape[2] - TILE) for t in range(0, low.shape[2], TILE)})
    for n in KEPT:
        for y in rows:
            for x in columns:
                part = low[n, y : y + TILE, x : x + TILE]
                if part.std() >= 2.5:
                    # Views would keep the whole clip.
                    yield part.copy(), *(frames[n, 2 * y : 2 * (y + TILE), 2 * x : 2 * (x + TILE)].copy() for frames in doubled)


def draw_picture(train, data, random, n):
    """Every fourth one is a drawing."""
    drawn = [r for r in train if r["path"].startswith("art/")]
    row = drawn[random.integers(len(drawn))] if n % 4 == 0 else train[random.integers(len(train))]
    check_hash(data, row)
    return load_rgb(data, row)


def live_clip(rgb, random):
    """(low, high) of one clip, or nothing where the picture is too small."""
    shown, _ = as_filmed(scene(rgb, random), random)
    (frames,) = moving_windows([shown], random)
    return None if min(frames.shape[1:]) < 2 * TILE else (degrade(frames, random, random_encoder), frames)


def build_tiles(flavour, clip_of, data, cache, clips, seed):
    """Writes <flavour>-{low,high}.npy of so many clips; returns what went in, for the manifest.

    A clip is (low, high), and for `sharp` and `worn` how much its tiles are to be sharpened as targets; for `sharp` also what
    the film shows where the target is crisper.
    """
    cache = pathlib.Path(cache)
    cache.mkdir(parents=True, exist_ok=True)
    note = cache / f"{flavour}.json"
    if note.exists():
        return json.loads(note.read_text())
    train, _ = split(data)
    low, high, shown, weights = [], [], [], []
    for n in range(clips):
        random = np.random.default_rng([seed, n])
        clip = clip_of(draw_picture(train, data, random, n), random)
        if clip is None:
            continue
        if len(clip[0]) != FRAMES:
            raise RuntimeError(f"clip {n}: {len(clip[0])} frames came back of {FRAMES}")
        for small, big, *seen in tiles_of(*clip[:2], *clip[3:]):
            low.append(small)
            high.append(big)
            shown.extend(seen)
            weights.extend(clip[2:3])
        if n % 20 == 0:
            print(f"{flavour} clip {n} tiles {len(low)}", file=sys.stderr, flush=True)
    np.save(cache / f"{flavour}-low.npy", np.stack(low))
    np.save(cache / f"{flavour}-high.npy", np.stack(high))
    if shown:
        np.save(cache / f"{flavour}-shown.npy", np.stack(shown))
    if weights:
        np.save(cache / f"{flavour}-weight.npy", np.float32(weights))
    facts = {"tiles": len(low), "clips": clips, "seed": seed}
    note.write_text(json.dumps(facts))
    return facts


def build(data, cache):
    return build_tiles("live", live_clip, data, cache, CLIPS, 8)
