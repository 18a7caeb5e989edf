"""What each built-in model is: its network, its flavour, and the stages of its training."""
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Stage:
    steps: int
    rate: float
    loss: str = "l1"  # l1 | l2 | psnr | edges
    exact: bool = False  # float32 instead of bfloat16
    cosine: int = 0  # length of the cosine when it is not `steps`
    flavour: str = ""  # tiles to train on when they are not the model's
    seen: float = 0.0  # weight of the perceptual loss: perceptual.py
    amount: float = 0.0  # of the sharpening of targets: sharpen.py
    contrast: float = 0.0  # weight of contrast that does not arrive: seen_contrast.py
    detailed: bool = False  # rough tiles more often: batches.py
    mixed: float = 0.0  # first: so much of the network so far, the rest of what it was grown from: blend.py


@dataclass(frozen=True)
class Recipe:
    title: str
    flavour: str  # clean | live | sharp | worn: the tiles that it is trained and rounded on
    fold: int
    channels: int
    inner: int
    first: int = 3
    leak: float = 0.0
    carry: bool = True
    batch: int = 8
    crop: int = 96  # low-resolution pixels, halo included
    seed: int = 1
    side: int = 4  # output pixels a side of a 2x2 block: 4 is x2, 3 is x1.5, 6 and 8 are x3 and x4
    grown_from: str = ""  # the published network it starts as: warm_start.py
    soften: float = 0.0  # share of bicubic enlarging in what is published: blend.py
    stages: tuple[Stage, ...] = field(default_factory=tuple)

    @property
    def int8(self):
        return self.carry and not self.leak


FINISH = Stage(1_500, 1e-4, "l2", exact=True)
# Squared error, in which detail weighs most, makes live models sharpen: soft clips lose to lanczos then. They learn on L1
# and finish on PSNR, in which each tile weighs the same.
def live(channels, inner, steps, soften=0.0):
    title = f"Upreel x2 live {channels}x{inner}"
    stages = (Stage(steps, 2e-3), Stage(steps // 3, 6e-4), Stage(steps // 3, 4e-4, "psnr"))
    return Recipe(title, "live", 1, channels, inner, first=5, stages=stages, soften=soften)


def sharp(channels, inner, steps, grown_from, amount=0.8, seen=0.0, contrast=0):
    """Grown from a faithful network, so that the two can be mixed: how much of this one is a strength (mix.py).

    With so many steps of `contrast`, half of it goes on from there, to what VMAF-NEG counts and without halos.
    """
    title = f"Upreel x2 sharp {channels}x{inner}"
    more = {"loss": "edges", "amount": amount, "seen": seen}
    stages = (Stage(steps, 1e-3, **more), Stage(steps // 3, 3e-4, **more))
    if contrast:
        stages += (Stage(contrast, 8e-4, "edges", amount=0.5, contrast=4.0, mixed=0.5),)
    return Recipe(title, "sharp", 1, channels, inner, first=5, stages=stages, grown_from=grown_from)


def worn(channels, inner, steps):
    """For badly coded films: what the coding did is to be undone, and little sharpened."""
    recipe = sharp(channels, inner, steps, f"upreel-x2-live{channels}x{inner}")
    return replace(recipe, title=recipe.title.replace("sharp", "worn"), flavour="worn")


def half_again(recipe, called, grown_from):
    """The same network with nine pixels out of a 2x2 block instead of sixteen: half_again.py.

    What is called `live` is a mildly sharpened one: its `flavour` stays `sharp`, the tiles that it comes from.
    """
    title = f"Upreel x1.5 {called} {recipe.channels}x{recipe.inner}"
    return replace(recipe, title=title, side=3, grown_from=grown_from, stages=())


def one_pass(recipe, called, factor, grown_from):
    """The same body with a last layer that gives more pixels, solved and not trained: fit_last.py."""
    title = f"Upreel x{factor} {called} {recipe.channels}x{recipe.inner}"
    return replace(recipe, title=title, side=2 * factor, grown_from=grown_from, soften=0.0, stages=())


def clean(channels, inner, steps):
    title = f"Upreel x2 clean {channels}x{inner}"
    return Recipe(title, "clean", 1, channels, inner, first=5, stages=(Stage(steps, 2e-3), Stage(3_000, 1e-3), Stage(10_000, 1e-3)))


def trial(fold, channels, inner):
    return Recipe("", "clean", fold, channels, inner, first=7 - 2 * fold, stages=(Stage(4_000, 2e-3),))


RECIPES = {
    "upreel-x2-full16": Recipe(
        "Upreel x2 full-size 16", "clean", 1, 16, 4, first=5, leak=0.1, carry=False,
        stages=(Stage(16_000, 2e-3, cosine=60_000), Stage(14_000, 1.5e-3), FINISH),
    ),
    "upreel-x2-clean32x2": clean(32, 2, 24_000),
    "upreel-x2-clean32x6": Recipe(
        "Upreel x2 clean 32x6", "clean", 1, 32, 6, first=5, batch=4, grown_from="upreel-x2-clean32x2",
        stages=(Stage(7_500, 1e-3, cosine=40_000, detailed=True), Stage(1_600, 8e-4, detailed=True)),
    ),
    "upreel-x2-live16x0": live(16, 0, 9_000, soften=0.15),
    "upreel-x2-live16x1": live(16, 1, 9_000),
    "upreel-x2-live16x2": live(16, 2, 18_000, soften=0.05),
    "upreel-x2-live16x4": live(16, 4, 12_000, soften=0.08),
    "upreel-x2-live32x4": live(32, 4, 12_000),
    "upreel-x2-sharp16x0": sharp(16, 0, 900, "upreel-x2-live16x0"),
    "upreel-x2-sharp16x1": sharp(16, 1, 1_000, "upreel-x2-live16x1"),
    "upreel-x2-sharp16x2": sharp(16, 2, 1_200, "upreel-x2-live16x2"),
    "upreel-x2-sharp16x4": sharp(16, 4, 1_500, "upreel-x2-live16x4"),
    "upreel-x2-worn16x0": worn(16, 0, 600),
    "upreel-x2-worn16x1": worn(16, 1, 2_000),
    "upreel-x2-worn16x2": worn(16, 2, 2_500),
    "upreel-x2-worn16x4": worn(16, 4, 800),
    # How much is worth sharpening, and whether a network that sees helps: short runs, never published.
    "try-sharp-a4": sharp(16, 2, 600, "upreel-x2-live16x2", 0.4),
    "try-sharp-a8": sharp(16, 2, 600, "upreel-x2-live16x2", 0.8),
    "try-sharp-a4-seen": sharp(16, 2, 600, "upreel-x2-live16x2", 0.4, 0.05),
    # Whether a loss made of what VMAF-NEG counts helps: by VMAF-NEG it does, by what a network sees it does not.
    "try-contrast": sharp(16, 2, 1_200, "upreel-x2-live16x2", contrast=4_000),
    # Which shape is worth training at a given speed: short runs, never published.
    "try-fold32x4": trial(2, 32, 4),
    "try-fold32x2": trial(2, 32, 2),
    "try-full16x4": trial(1, 16, 4),
    "try-full16x2": trial(1, 16, 2),
    "try-full16x1": trial(1, 16, 1),
}  # fmt: skip
# Reading a x2 picture at the places of x1.5 softens it a little, hence a mild strength for the faithful ones.
for shape in ("16x0", "16x1", "16x2", "16x4"):
    sharp_one = RECIPES[f"upreel-x2-sharp{shape}"]
    RECIPES[f"upreel-x1.5-live{shape}"] = half_again(sharp_one, "live", f"upreel-x2-sharp{shape}-35")
    RECIPES[f"upreel-x1.5-sharp{shape}-50"] = half_again(sharp_one, "sharp", f"upreel-x2-sharp{shape}-50")
    for factor in (3, 4):
        faithful = RECIPES[f"upreel-x2-live{shape}"]
        RECIPES[f"upreel-x{factor}-live{shape}"] = one_pass(faithful, "live", factor, f"upreel-x2-live{shape}")
        RECIPES[f"upreel-x{factor}-sharp{shape}-50"] = one_pass(sharp_one, "sharp", factor, f"upreel-x2-sharp{shape}-50")
# Whether training gains anything on that: it does not.
RECIPES["try-x1.5-sharp16x1"] = replace(sharp(16, 1, 2_000, "upreel-x2-live16x1"), side=3)
