"""Training tiles of the `clean` flavour: luma, bicubic halves. Decoded once, kept as two uint8 arrays."""
import json
import pathlib

import numpy as np

from imresize import imresize
from pictures import check_hash, load_rgb, luma, split, to_uint8

TILE = 96  # low-resolution pixels; crops are taken from within
ZOOMS = (1.0, 0.6)  # big photographs are soft at full size; shrunk ones have the detail of the usual test pictures


def tiles_of(rgb):
    full = luma(rgb)
    for zoom in ZOOMS:
        high = full if zoom == 1.0 else imresize(full, zoom)
        high = high[: high.shape[0] // 2 * 2, : high.shape[1] // 2 * 2]
        if min(high.shape) < 2 * TILE:
            continue
        low, high = to_uint8(imresize(high, 0.5)), to_uint8(high)
        # The last tile of a row is moved back inside instead of being dropped.
        tops = sorted({min(t, low.shape[0] - TILE) for t in range(0, low.shape[0], TILE)})
        lefts = sorted({min(t, low.shape[1] - TILE) for t in range(0, low.shape[1], TILE)})
        for y in tops:
            for x in lefts:
                part = low[y : y + TILE, x : x + TILE]
                if part.std() >= 4:  # sky and walls teach nothing
                    yield part, high[2 * y : 2 * (y + TILE), 2 * x : 2 * (x + TILE)]


def build(data, cache):
    """Writes clean-{low,high}.npy; returns what went in, for the manifest."""
    cache = pathlib.Path(cache)
    cache.mkdir(parents=True, exist_ok=True)
    note = cache / "clean.json"
    if note.exists():
        return json.loads(note.read_text())
    train, _ = split(data)
    low, high = [], []
    for row in train:
        check_hash(data, row)
        for small, big in tiles_of(load_rgb(data, row)):
            low.append(small)
            high.append(big)
    np.save(cache / "clean-low.npy", np.stack(low))
    np.save(cache / "clean-high.npy", np.stack(high))
    facts = {"tiles": len(low), "pictures": {r["path"]: r["sha256"] for r in train}}
    note.write_text(json.dumps(facts))
    return facts
