"""Which real tiles an int8 file is rounded on: several draws are tried, and judged on the cleanest training tiles.

Draws differ by up to 0.05 dB on very clean, soft content, where an int8 network's own rounding is a hundredth of the error
or more, and hardly elsewhere. The mean over all tiles says nothing about it: on it the worst draw can be the best.
"""
import torch

from evaluate import tile_psnr
from quantised import QuantisedNet, equalise
from rounding import round_weights

DRAWS, TILES = 6, 40
JUDGED_BATCHES, JUDGED_SEED, CLEANEST = 10, 99, 0.2


def cleanest_tiles(net, recipe, batches, count):
    """(low, high) of the share of so many batches' tiles that the float network gets best."""
    drawn = [batches.take(TILES, recipe.crop, recipe.fold, net.halo, side=recipe.side) for _ in range(count)]
    low, high = (torch.cat(part) for part in zip(*drawn))
    best = torch.cat([tile_psnr(net, *pair) for pair in drawn]).argsort(descending=True)[: int(len(low) * CLEANEST)]
    return low[best], high[best]


def to_int8(net, recipe, batches_of, draws=DRAWS):
    """`batches_of(seed)` draws tiles: batches.py."""
    batches = batches_of(recipe.seed)
    low, high = cleanest_tiles(net, recipe, batches_of(JUDGED_SEED), JUDGED_BATCHES * draws // DRAWS)
    candidates = []
    for _ in range(draws):
        tiles = batches.take(TILES, recipe.crop, recipe.fold, net.halo, side=recipe.side)[0]
        quantised = QuantisedNet(net)
        equalise(quantised, tiles)
        round_weights(quantised, tiles)
        candidates.append((tile_psnr(quantised, low, high).mean().item(), quantised))
    return max(candidates, key=lambda c: c[0])[1]
