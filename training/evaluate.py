"""PSNR on the held-out pictures, as the literature has it: Y of BT.601, bicubic halves, 2 px of border ignored."""
import math
import pathlib

import numpy as np
import torch

from imresize import imresize
from network import SrNet, enlarged
from pictures import load_rgb, luma, middle, split, to_uint8


def psnr(a, b, border=2):
    d = a.astype(np.float64)[border:-border, border:-border] - b.astype(np.float64)[border:-border, border:-border]
    return 10 * math.log10(255**2 / max((d**2).mean(), 1e-6))


def load_holdout(data, cache, side=4):
    """[(path, low Y, high Y, bicubic's PSNR)]; the small ones are made in RGB and rounded, then turned to luma.

    `side` is how many pixels a side become of a 2x2 block: 4 for x2, 3 for x1.5, 6 and 8 for x3 and x4.
    """
    kept = pathlib.Path(cache) / ("holdout.npz" if side == 4 else f"holdout-{side}.npz")
    rows = split(data)[1]
    if not kept.exists():
        planes = {}
        for n, row in enumerate(rows):
            rgb = middle(load_rgb(data, row))
            step = {4: 2, 3: 6, 6: 6, 8: 8}[side]
            rgb = rgb[: rgb.shape[0] // step * step, : rgb.shape[1] // step * step]
            planes[f"low{n}"] = to_uint8(luma(to_uint8(imresize(rgb, 2 / side))))
            planes[f"high{n}"] = to_uint8(luma(rgb))
        np.savez(kept, **planes)
    z = np.load(kept)
    sets = []
    for n, row in enumerate(rows):
        low, high = z[f"low{n}"], z[f"high{n}"]
        sets.append((row["path"], low, high, psnr(to_uint8(imresize(low, side / 2)), high)))
    return sets


def upscale(net: SrNet, low):
    """uint8 [H,W] -> uint8, enlarged by the training network, borders repeated as the exported one does."""
    pad = net.halo
    h, w = low.shape
    x = np.pad(low, ((pad, pad + h % 2), (pad, pad + w % 2)), mode="edge")
    x = torch.from_numpy(x)[None, None].float() / 256
    with torch.no_grad():
        y = torch.nn.functional.pixel_shuffle(net(torch.nn.functional.pixel_unshuffle(x, net.fold)), net.shuffled)
    return to_uint8(y[0, 0].numpy()[: enlarged(h, net.side), : enlarged(w, net.side)] * 256)


# An output rounded to whole pixels is off by so much on average, squared, however good the network.
ROUNDING = 1 / 12 / 256**2


def tile_psnr(net, low, high):
    """dB below 256 of each tile of a batch, as if its pixels were rounded."""
    with torch.no_grad():
        away = net(low).clamp(0, 255 / 256) - high
    return -10 * torch.log10((away**2).mean((1, 2, 3)) + ROUNDING)


def score(upscaler, sets):
    """{mean, bicubic, gain, worst gain, by folder}."""
    rows = [(p, psnr(upscaler(low), high), base) for p, low, high, base in sets]
    mean = sum(r[1] for r in rows) / len(rows)
    base = sum(r[2] for r in rows) / len(rows)
    folders = {}
    for p, got, was in rows:
        folders.setdefault(p.split("/")[0], []).append(got - was)
    return {
        "psnr": round(mean, 3),
        "bicubic": round(base, 3),
        "gain": round(mean - base, 3),
        "worst_gain": round(min(r[1] - r[2] for r in rows), 3),
        "gain_by_folder": {k: round(sum(v) / len(v), 3) for k, v in folders.items()},
    }
