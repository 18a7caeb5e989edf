"""Two losses of what VMAF-NEG is made of: how much of the truth's contrast arrives, and never more than there was.

`information` is VIF (Sheikh and Bovik): at four sizes, how much of each neighbourhood's variation is the truth's. `detail` is
the DLM part of ADM (Li et al.): how much of each wavelet coefficient is there, as far as it is not masked by what was added.
In both a gain above one counts as one, which is what NEG means: amplifying is no gain. Pictures: [B,1,H,W] in grey levels.
"""
import functools
import math

import torch
import torch.nn.functional as F

NOISE = 2.0  # of the eye, as VIF has it
WIDTHS = (17, 9, 5, 3)
LOW_PASS = (0.4829629131445341, 0.8365163037378079, 0.2241438680420134, -0.1294095225512604)
# Watson's quantisation of a 9/7 wavelet: amplitudes of its functions (across, diagonal) from fine to coarse.
AMPLITUDES = ((0.67234, 0.72709), (0.41317, 0.49428), (0.22727, 0.28688), (0.11792, 0.15214))
HALO, ROOM = 0.02, 0.15  # what a grey level of overshoot costs, in the mean of all pixels; what is none, as a share of the range
PIXELS_A_DEGREE = 3 * 1080 * math.pi / 180  # seen from three heights away


@functools.cache
def blurring(length, width, step):
    """[outputs, length]: a Gaussian as a matrix, which is ten times as fast as a convolution of one channel."""
    at = torch.arange(width, dtype=torch.float32) - width // 2
    taps = torch.exp(-(at**2) / (2 * (width / 5) ** 2))
    rows = range(0, length - width + 1, step)
    matrix = torch.zeros(len(rows), length)
    for n, first in enumerate(rows):
        matrix[n, first : first + width] = taps / taps.sum()
    return matrix


def blurred(x, width, step=1):
    return blurring(x.shape[-2], width, step) @ x @ blurring(x.shape[-1], width, step).T


def information_at(made, truth, width):
    """Share of the truth's information in each picture of the batch, at one size."""
    stack = torch.cat([made, truth, made * made, truth * truth, made * truth])
    mean_made, mean_truth, mm, tt, mt = blurred(stack, width).chunk(5)
    var_made = (mm - mean_made**2).clamp_min(0)
    var_truth = (tt - mean_truth**2).clamp_min(0)
    both = mt - mean_made * mean_truth
    gain = (both / (var_truth + 1e-3)).clamp_min(0)
    noise = (var_made - gain * both).clamp_min(1e-3)
    had = torch.log1p(var_truth / NOISE)
    got = torch.log1p(gain.clamp_max(1) ** 2 * var_truth / (noise + NOISE))
    return got.sum((1, 2, 3)), had.sum((1, 2, 3))


def information_lost(made, truth):
    """1 − VIF without gain above one, the mean of four sizes and of the batch."""
    lost = 0.0
    for n, width in enumerate(WIDTHS):
        if n:
            made, truth = (blurred(x, width, 2) for x in (made, truth))
        got, had = information_at(made, truth, width)
        lost = lost + 1 - ((got + 1) / (had + 1)).mean()
    return lost / len(WIDTHS)


@functools.cache
def wavelet():
    """[4,1,4,4]: what is kept for the next size, and three bands of detail."""
    low = torch.tensor(LOW_PASS)
    high = low.flip(0) * torch.tensor([1.0, -1.0, 1.0, -1.0])
    return torch.stack([torch.outer(a, b) for a, b in ((low, low), (low, high), (high, low), (high, high))])[:, None]


@functools.cache
def visibility(size):
    """How well the eye sees each of the three bands at this size."""
    weights = []
    for band, spread in ((0, 1.0), (0, 1.0), (1, 0.534)):
        off = math.log10(2.0 ** (size + 1) * 0.401 * spread / PIXELS_A_DEGREE)
        weights.append(AMPLITUDES[size][band] / (2 * 0.495 * 10 ** (0.466 * off * off)))
    return torch.tensor(weights)[None, :, None, None]


def pooled(x):
    """Cubes weigh the strong edges most, as ADM does; the constant is what ADM adds for flat pictures."""
    area = x.shape[-1] * x.shape[-2]
    return (x.pow(3).sum((2, 3)) + 1e-6).pow(1 / 3).sum(1) + 3 * (area / 32) ** (1 / 3)


def detail_lost(made, truth):
    """1 − DLM without gain above one, the mean of the batch."""
    got = had = 0.0
    for size in range(len(WIDTHS)):
        (made, bands), (truth, true_bands) = (split(x) for x in (made, truth))
        sign = torch.where(true_bands < 0, -1.0, 1.0)
        share = (bands * sign / (true_bands.abs() + 1e-3)).clamp(0, 1)
        restored = share * true_bands.abs() * visibility(size)
        added = ((bands - share * true_bands) * visibility(size)).abs()
        masks = added.sum(1, keepdim=True)
        hidden = (F.avg_pool2d(masks, 3, 1, 1, count_include_pad=False) * 9 + masks) / 30
        got = got + pooled((restored - hidden).clamp_min(0))
        had = had + pooled(true_bands.abs() * visibility(size))
    return 1 - (got / had).mean()


def split(x):
    parts = F.conv2d(x, wavelet(), stride=2)
    return parts[:, :1], parts[:, 1:]


def overshoot(made, truth):
    """How far pixels go beyond the 5x5 range of the truth around them and a share of it: halos, in grey levels."""
    top, bottom = F.max_pool2d(truth, 5, 1, 2), -F.max_pool2d(-truth, 5, 1, 2)
    more = ROOM * (top - bottom)
    return (F.relu(made - top - more) + F.relu(bottom - more - made)).mean()



def contrast_lost(made, shown):
    """What training minimises: detail and information that do not arrive, and halos, which neither of the two hears.

    With a tenth of `information`, detail alone is pushed: VMAF rises and VMAF-NEG falls.
    """
    return detail_lost(made, shown) + information_lost(made, shown) + HALO * overshoot(made, shown)
