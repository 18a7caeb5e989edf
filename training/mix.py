"""python training/mix.py --model <sharp id> --checkpoint <file> --share 0.5 : publishes a sharp network at one strength.

A sharp network grown from a faithful one and that one lie close enough together that the mean of their weights gives the
mean of their pictures: strength costs nothing at run time.
"""
import argparse
import pathlib

import torch

from blend import mix
from publish import MODELS, build_network, load_checkpoint, load_start, publish
from recipes import RECIPES


def mixed(model, checkpoint, share):
    """(network, stages) of so much of the sharp network, the rest being what it was grown from."""
    net, stages = load_checkpoint(model, checkpoint)
    faithful, before = load_start(model, str(MODELS / f"{RECIPES[model].grown_from}-fp32.onnx"))
    torch.manual_seed(RECIPES[model].seed)
    return mix(build_network(RECIPES[model]), net, faithful, share), [*stages, {"mixed_with": before, "share": share}]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--model", required=True, choices=[m for m, r in RECIPES.items() if r.grown_from and r.stages and r.flavour != "clean"])
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--share", type=float, default=0.5)
    p.add_argument("--name", help="id of what is published; default: that of the model")
    p.add_argument("--quick", action="store_true", help="without the test clips: strengths beside the usual one")
    p.add_argument("--data", default="../shared/train")
    p.add_argument("--media", default="../shared/media")
    p.add_argument("--cache", default="/tmp/upreel-train")
    p.add_argument("--folder", type=pathlib.Path, default=MODELS)
    args = p.parse_args()
    torch.set_num_threads(1)
    net, stages = mixed(args.model, args.checkpoint, args.share)
    publish(args.model, net, stages, args, args.name)


if __name__ == "__main__":
    main()
