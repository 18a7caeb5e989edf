"""Film grain on training tiles, alike on what comes in and what is to come out: it passes, and is neither sharpened nor lost."""
import numpy as np
import torch
import torch.nn.functional as F

SHARE, LEAST, MOST = 0.15, 1.0, 10.0  # of the tiles; deviation in grey levels


def grain(random, count, size, sigma):
    """[count,1,*size] float32 of deviation one, by `sigma` softer than pixels are."""
    planes = torch.from_numpy(random.standard_normal((count, 1, *size)).astype(np.float32))
    if not sigma:
        return planes
    taps = torch.exp(-(torch.arange(-3.0, 4.0) ** 2) / (2 * sigma**2))
    taps /= taps.sum()
    wide = F.pad(planes, (3, 3, 3, 3), "circular")
    planes = F.conv2d(F.conv2d(wide, taps[None, None, None]), taps[None, None, :, None])
    return planes / planes.std()


def add_grain(random, low, *doubled):
    """These tiles, some of them with grain: on the doubled ones it is enlarged plainly."""
    picked = np.flatnonzero(random.random(len(low)) < SHARE)
    if not len(picked):
        return low, *doubled
    strength = torch.from_numpy(random.uniform(LEAST, MOST, len(picked)).astype(np.float32))[:, None, None, None]
    sigma = float(random.choice([0.0, random.uniform(0.5, 0.9)]))
    small = grain(random, len(picked), low.shape[1:], sigma) * strength
    big = F.interpolate(small, scale_factor=2, mode="bicubic")
    made = [np.array(planes) for planes in (low, *doubled)]
    for planes, noise in zip(made, (small, *[big] * len(doubled))):
        whole = 0.5 if planes.dtype == np.uint8 else 0.0
        planes[picked] = np.clip(planes[picked] + noise[:, 0].numpy() + whole, 0, 255)
    return made
