"""Random crops from the cached tiles, turned and mirrored, as tensors."""
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from clean_tiles import TILE
from grain import add_grain
from sharpen import sharpened


class Batches:
    """With `detailed`, of two random tiles the rougher one is taken: L1 hears noise on soft ones as loud as missing detail."""

    def __init__(self, cache, flavour, seed, detailed=False):
        self.low = np.load(pathlib.Path(cache) / f"{flavour}-low.npy", mmap_mode="r")
        self.high = np.load(pathlib.Path(cache) / f"{flavour}-high.npy", mmap_mode="r")
        weights = pathlib.Path(cache) / f"{flavour}-weight.npy"
        self.weights = np.load(weights) if weights.exists() else None
        shown = pathlib.Path(cache) / f"{flavour}-shown.npy"
        self.shown = np.load(shown, mmap_mode="r") if shown.exists() else None
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
        low, high = self.crops(which, crop, (self.low, self.high))
        cut = 2 * halo
        if side == 3:
            high, cut = three_quarters(high, cut), 0
        return fold_planes(low, fold), fold_planes(inside(self.crisper(which, high, amount), cut), side)

    def take_shown(self, count, crop, fold, halo, amount):
        """The same of what the film shows, no crisper than it was, and a third: that unsharpened, unfolded. Some tiles have grain.

        x2 alone.
        """
        which = self.pick(count)
        low, shown = self.crops(which, crop, (self.low, self.shown))
        low, high, shown = add_grain(self.random, low, self.crisper(which, shown, amount), shown)
        seen = torch.from_numpy(np.ascontiguousarray(inside(shown, 2 * halo)))[:, None].float()
        return fold_planes(low, fold), fold_planes(inside(high, 2 * halo), 4), seen

    def crisper(self, which, high, amount):
        if not amount:
            return high
        planes = torch.from_numpy(np.ascontiguousarray(high))[:, None].float()
        return sharpened(planes, amount * torch.from_numpy(self.weights[which])).clamp(0, 255)[:, 0].numpy()

    def crops(self, which, crop, sources):
        """The same random part of these tiles of each array, turned and mirrored alike."""
        corners = [self.random.integers(0, TILE - crop + 1, 2) for _ in which]
        turn, mirror = self.random.integers(0, 4), self.random.integers(0, 2)
        made = []
        for tiles in sources:
            zoom = tiles.shape[1] // TILE
            parts = [tiles[n, zoom * y : zoom * (y + crop), zoom * x : zoom * (x + crop)] for n, (y, x) in zip(which, corners)]
            turned = np.rot90(np.stack(parts), turn, (1, 2))
            made.append(turned[:, :, ::-1] if mirror else turned)
        return made


def inside(planes, cut):
    """Without so many pixels at each side."""
    return planes[:, cut : planes.shape[1] - cut, cut : planes.shape[2] - cut]


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
