"""What each built-in model is: its network, its flavour, and how long it is trained."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    title: str
    flavour: str  # clean | live
    fold: int
    channels: int
    inner: int
    first: int = 3
    leak: float = 0.0
    steps: int = 60_000
    batch: int = 16
    crop: int = 64  # low-resolution pixels, halo included
    rate: float = 2e-3
    int8: bool = False
    seed: int = 1


RECIPES = {
    "upreel-x2-full16": Recipe("Upreel x2 full-size 16", "clean", 1, 16, 4, first=5, leak=0.1, batch=8, crop=96),
    "upreel-x2-fold32": Recipe("Upreel x2 folded 32", "live", 2, 32, 4, batch=8, crop=96, int8=True),
}
