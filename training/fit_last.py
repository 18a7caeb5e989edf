"""python training/fit_last.py : publishes the x3 and x4 networks: the body of a x2 one and a last layer of its own.

The body's features stay as they are, so the last layer is a linear map from them to the pixels that are wanted: it is solved
by least squares over clips that were made three or four times smaller, as trained networks see them halved. No training.
"""
import argparse
import hashlib
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from batches import fold_planes
from blend import cubic
from live_tiles import KEPT
from one_pass_clips import SEED, make_clips
from publish import MODELS, build_network, publish
from recipes import RECIPES
from sharpen import sharpened
from warm_start import read_convolutions, unfold

WINDOW = 128  # pixels a side of each small picture that are looked at
AMOUNT, STRENGTH = 0.8, 0.35  # of sharp targets; and how much of them is taken: with half PSNR fell below that of x2 and lanczos
RIDGE = 1e-4  # of the mean square of the features: what hardly ever fires gets no large weights
# A picture weighs by what cubic enlarging misses of it, and soft ones no more than this (half a grey level, squared).
LEAST_MISSED = (0.5 / 256) ** 2


class Tiles:
    """Random tiles of such clips, as batches.Batches gives them."""

    def __init__(self, clips, seed):
        self.clips, self.random = clips, np.random.default_rng(seed)

    def take(self, count, crop, fold, halo, side):
        factor, lows, highs = side // 2, [], []
        while len(lows) < count:
            clip = self.clips[self.random.integers(len(self.clips))]
            n = self.random.integers(len(KEPT))
            low, high = clip[0][n], clip[1][n]
            y, x = (self.random.integers(0, size - crop + 1) for size in low.shape)
            if low[y : y + crop, x : x + crop].std() < 2.5:
                continue
            lows.append(low[y : y + crop, x : x + crop])
            at = lambda begin: slice(factor * (begin + halo), factor * (begin + crop - halo))
            highs.append(high[at(y), at(x)])
        return fold_planes(np.stack(lows), fold), fold_planes(np.stack(highs), factor)


def targeted(clips, is_sharp):
    """[(low, pictures that a network of this family is to give)], in grey levels."""
    if not is_sharp:
        return [(low, shown) for low, _, _, shown in clips]
    return [(low, shown + STRENGTH * (crisper(target, weight) - shown)) for low, target, weight, shown in clips]


def crisper(planes, weight):
    planes = torch.from_numpy(planes.copy())[:, None].float()
    return sharpened(planes, torch.full((len(planes),), AMOUNT * weight)).clamp(0, 255)[:, 0].numpy()


def cubic_taps(factor):
    """[factor^2,1,3,3]: cubic enlarging by the nine pixels around; the tap that lies beyond is left out."""
    places = [(n + 0.5) / factor - 0.5 for n in range(factor)]
    rows = torch.tensor([[cubic(n - 1 - at) for n in range(3)] for at in places])
    rows = rows / rows.sum(1, keepdim=True)
    return torch.einsum("yi,xj->yxij", rows, rows).reshape(factor * factor, 1, 3, 3)


def features(net, low):
    """What the last layer sees of each pixel: [pixels, 9 * channels + 1], in the order of its kernel; without the border."""
    h = low
    for kernel, bias in net.layers():
        h = F.relu(F.conv2d(h, kernel, bias))
    seen = F.unfold(h, 3)[0].T
    return torch.cat([seen, torch.ones(len(seen), 1)], 1)


def window(low, high, factor, cut, random):
    """A random part of a picture, and of what becomes of it without the border."""
    rows, columns = (slice(at := random.integers(0, max(1, n - WINDOW + 1)), at + min(n, WINDOW)) for n in low.shape)
    inner = tuple(slice(factor * (part.start + cut), factor * (part.stop - cut)) for part in (rows, columns))
    return low[rows, columns], high[inner]


def solve(net, clips):
    """(kernel, bias) of the last layer: what it adds to cubic enlarging, by ridge regression."""
    factor, random = net.side // 2, np.random.default_rng(SEED)
    width = 9 * net.channels + 1
    squares, products = torch.zeros(width, width, dtype=torch.double), torch.zeros(width, factor**2, dtype=torch.double)
    taps, cut = cubic_taps(factor), net.halo
    for clip in clips:
        for low, high in zip(*clip):
            low, high = window(low, high, factor, cut, random)
            x = torch.from_numpy(low.copy())[None, None].float() / 256
            plain = F.conv2d(x[..., cut - 1 : 1 - cut, cut - 1 : 1 - cut], taps)
            missed = (fold_planes(high[None], factor) - plain)[0].flatten(1).T
            seen = features(net, x)
            weight = 1 / (missed.square().mean() + LEAST_MISSED)
            squares += weight * (seen.T @ seen).double()
            products += weight * (seen.T @ missed).double()
    ridge = RIDGE * squares.diagonal()[:-1].mean()
    squares.diagonal()[:-1].add_(ridge)
    solved = torch.linalg.solve(squares, products).float()
    kernel = solved[:-1].T.reshape(factor**2, net.channels, 3, 3).clone()
    kernel[:, -net.carried :] += taps
    return kernel, solved[-1]


def fit(model, clips):
    """(network, stages) of a recipe."""
    recipe = RECIPES[model]
    path = MODELS / f"{recipe.grown_from}-fp32.onnx"
    torch.manual_seed(recipe.seed)
    net = build_network(recipe)
    *hidden, _ = read_convolutions(path)
    for layer, (kernel, bias) in zip((net.first, *net.inner), hidden):
        unfold(layer, kernel[: -net.carried], bias[: -net.carried] / 256)
    with torch.no_grad():
        unfold(net.last, *solve(net, clips))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return net, [{"body_of_sha256": digest, "last_layer": "least squares", "ridge": RIDGE}]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--models", nargs="*", default=[m for m, r in RECIPES.items() if r.side > 4])
    p.add_argument("--data", default="../shared/train")
    p.add_argument("--media", default="../shared/media")
    p.add_argument("--cache", default="/tmp/upreel-train")
    p.add_argument("--folder", type=pathlib.Path, default=MODELS)
    args = p.parse_args()
    args.quick = True
    torch.set_num_threads(1)
    for model in args.models:
        factor = RECIPES[model].side // 2
        clips = targeted(make_clips(args.data, args.cache)[factor], "-sharp" in model)
        net, stages = fit(model, clips)
        tiles = {"clips": len(clips), "seed": SEED, "factor": factor}
        publish(model, net, stages, args, batches_of=lambda seed: Tiles(clips, seed), tiles=tiles, draws=2)


if __name__ == "__main__":
    main()
