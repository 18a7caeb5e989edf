"""python training/half_again.py : publishes the x1.5 networks, each made of a x2 one without training.

The last layer gives the picture that x2 gives, read at the nine places of x1.5 (network.resampled). Trained for 2,000
steps from there the pictures were no better (docs/models.md).
"""
import argparse
import pathlib

import torch

from publish import MODELS, load_start, publish
from recipes import RECIPES


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--models", nargs="*", default=[m for m, r in RECIPES.items() if r.side == 3 and not r.stages])
    p.add_argument("--data", default="../shared/train")
    p.add_argument("--media", default="../shared/media")
    p.add_argument("--cache", default="/tmp/upreel-train")
    p.add_argument("--folder", type=pathlib.Path, default=MODELS)
    args = p.parse_args()
    args.quick = True
    torch.set_num_threads(1)
    for model in args.models:
        net, stages = load_start(model, str(MODELS / f"{RECIPES[model].grown_from}-fp32.onnx"))
        publish(model, net, stages, args)


if __name__ == "__main__":
    main()
