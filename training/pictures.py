"""Which pictures are trained on, which are held out, and how they become luma planes."""
import hashlib
import pathlib
import re

import numpy as np
from PIL import Image

# Held out by content: the pictures whose sha256 begins with one of these digits. CID22 is ShareAlike, so none of it is
# trained on (the weights would inherit the question); a share of it serves as test pictures instead.
# (Of `art`, digits that take no near-twin of a trained drawing.)
HOLDOUT_DIGITS = {"cid22": "014", "clic2025": "0c", "photos": "0", "art": "ab"}
HOLDOUT_CROP = 768  # big pictures are judged on their middle, so that no single one dominates the time


def read_manifest(folder):
    """Rows of MANIFEST.md: path, licence and sha256 of each picture."""
    rows = []
    for line in (pathlib.Path(folder) / "MANIFEST.md").read_text().splitlines():
        cells = [c.strip() for c in line.strip("|").split("|")]
        if re.match(r"(cid22|clic2025|photos|art)/\S+\.(webp|png)$", cells[0]):
            rows.append({"path": cells[0], "licence": cells[5], "sha256": cells[7].strip("`")})
    return sorted(rows, key=lambda r: r["path"])


def split(folder):
    """(training rows, held-out rows), by licence and by hash alone."""
    train, held = [], []
    for row in read_manifest(folder):
        group = row["path"].split("/")[0]
        if row["sha256"][0] in HOLDOUT_DIGITS[group]:
            held.append(row)
        elif "BY-SA" not in row["licence"]:
            train.append(row)
    return train, held


def check_hash(folder, row):
    found = hashlib.sha256((pathlib.Path(folder) / row["path"]).read_bytes()).hexdigest()
    if found != row["sha256"]:
        raise SystemExit(f"{row['path']}: sha256 {found}, the manifest says {row['sha256']}")


def load_rgb(folder, row):
    """uint8 [H,W,3]; alpha is flattened on mid grey."""
    picture = Image.open(pathlib.Path(folder) / row["path"])
    if picture.mode in ("RGBA", "LA", "P"):
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, (128, 128, 128, 255))
        picture = Image.alpha_composite(ground, picture)
    return np.asarray(picture.convert("RGB"))


def luma(rgb):
    """BT.601 studio-range Y (16-235) as float, as MATLAB's rgb2ycbcr computes it."""
    return rgb.astype(np.float32) @ np.float32([65.481, 128.553, 24.966]) / 255 + 16


def to_uint8(plane):
    return np.clip(np.round(plane), 0, 255).astype(np.uint8)


def middle(rgb, size=HOLDOUT_CROP):
    h, w = rgb.shape[:2]
    top, left = max(0, (h - size) // 2), max(0, (w - size) // 2)
    return rgb[top : top + size, left : left + size]
