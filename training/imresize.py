"""MATLAB's imresize (bicubic, antialias), the reference of the super-resolution literature."""
import numpy as np


def cubic(x):
    x = np.abs(x)
    near = 1.5 * x**3 - 2.5 * x**2 + 1
    far = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return near * (x <= 1) + far * ((x > 1) & (x <= 2))


def taps(length, out_length, scale):
    """(indices, weights), each [out_length, taps]; the border mirrors, edge pixel included."""
    width = 4.0 if scale >= 1 else 4.0 / scale
    u = (np.arange(out_length) + 0.5) / scale - 0.5
    left = np.floor(u - width / 2).astype(int)
    index = left[:, None] + np.arange(int(np.ceil(width)) + 2)
    distance = u[:, None] - index
    weight = cubic(distance) if scale >= 1 else scale * cubic(distance * scale)
    weight = weight / weight.sum(1, keepdims=True)
    mirror = np.concatenate([np.arange(length), np.arange(length)[::-1]])
    return mirror[index % (2 * length)], weight.astype(np.float32)


def resize_rows(plane, scale, out_length):
    index, weight = taps(plane.shape[0], out_length, scale)
    used = np.abs(weight).max(0) > 0
    out = np.zeros((out_length,) + plane.shape[1:], np.float32)
    for t in np.flatnonzero(used):
        out += weight[:, t].reshape((-1,) + (1,) * (plane.ndim - 1)) * plane[index[:, t]]
    return out


def imresize(plane, scale):
    """Float result, not rounded; [H,W] or [H,W,C]."""
    h, w = (int(np.ceil(n * scale - 1e-6)) for n in plane.shape[:2])
    tall = resize_rows(plane.astype(np.float32), scale, h)
    return resize_rows(tall.swapaxes(0, 1), scale, w).swapaxes(0, 1)
