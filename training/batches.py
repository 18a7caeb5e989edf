"""Random crops from the cached tiles, turned and mirrored, as tensors."""
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from clean_tiles import TILE
from sharpen import sharpened


class Batches:
    """With `detailed`, of two random tiles the rougher one is taken: L1 hears noise on soft ones as loud as missing detail."""

    def __init__(self, cache, flavour, seed, detailed=False):
        self.low = np.load(pathlib.Path(cache) / f"{flavour}-low.npy", mmap_mode="r")
        self.high = np.load(pathlib.Path(cache) / f"{flavour}-high.npy", mmap_mode="r")
        weights = pathlib.Path(cache) / f"{flavour}-weight.npy"
        self.weights = np.load(weights) if weights.exists() else None
        self.random = np.random.default_rng(seed)
        self.roughness = np.array([np.abs(np.diff(tile.astype(np.int16))).mean() for tile in self.low]) if detailed else None

    def pick(self, count):
        if self.roughness is None:
            return self.random.integers(0, len(self.low), count)
        pairs = self.random.integers(0, len(self.low), (count, 2))
        return pairs[np.arange(count), self.roughness[pairs].argmax(1)]

    def take(self, count, crop, fold, halo, amount=0.0, side=4):
        """(low folded by `fold`, high without its halo folded by `side`), pixel / 256, channels last.

        Targets are sharpened by `amount`, times what their tiles bear.
        """
        which = self.pick(count)
        low = np.empty((count, crop, crop), np.uint8)
        high = np.empty((count, 2 * crop, 2 * crop), np.uint8)
        for i, n in enumerate(which):
            y, x = self.random.integers(0, TILE - crop + 1, 2)
            low[i] = self.low[n, y : y + crop, x : x + crop]
            high[i] = self.high[n, 2 * y : 2 * (y + crop), 2 * x : 2 * (x + crop)]
        turn, mirror = self.random.integers(0, 4), self.random.integers(0, 2)
        low, high = np.rot90(low, turn, (1, 2)), np.rot90(high, turn, (1, 2))
        if mirror:
            low, high = low[:, :, ::-1], high[:, :, ::-1]
        cut = 2 * halo
        if side == 3:
            high, cut = three_quarters(high, cut), 0
        if amount:
            planes = torch.from_numpy(np.ascontiguousarray(high))[:, None].float()
            high = sharpened(planes, amount * torch.from_numpy(self.weights[which])).clamp(0, 255)[:, 0].numpy()
        return fold_planes(low, fold), fold_planes(high[:, cut : high.shape[1] - cut, cut : high.shape[2] - cut], side)


def three_quarters(high, cut):
    """Doubled planes without their border, as x1.5 has them: cubic, antialiased, the border seen but not kept."""
    seen = 4
    edge = cut - seen
    planes = torch.from_numpy(np.ascontiguousarray(high[:, edge : high.shape[1] - edge, edge : high.shape[2] - edge]))[:, None]
    small = F.interpolate(planes.float(), scale_factor=0.75, mode="bicubic", antialias=True)
    gone = seen * 3 // 4
    return small[:, 0, gone:-gone, gone:-gone].clamp(0, 255).numpy()


def fold_planes(planes, side):
    """[B,H,W] -> [B,side^2,H/side,W/side] float, pixel-unshuffle order, channels last in memory."""
    b, h, w = planes.shape
    blocks = planes.reshape(b, h // side, side, w // side, side).transpose(0, 1, 3, 2, 4)
    flat = torch.from_numpy(np.ascontiguousarray(blocks)).reshape(b, h // side, w // side, side * side)
    return (flat.float() / 256).permute(0, 3, 1, 2)
