"""python training/train.py --model <id> --data <pictures> : trains, exports, checks and reports one built-in model."""
import argparse
import copy
import json
import os
import pathlib
import time

import torch

import clean_tiles
from batches import Batches
from evaluate import load_holdout, score, upscale
from network import SrNet
from publish import publish
from recipes import RECIPES

PAUSE = pathlib.Path(os.environ.get("UPREEL_TRAIN_PAUSE", "/tmp/upreel-pause"))


def wait_while_paused():
    """Others measure speed on this machine; the file asks for quiet."""
    begun = time.time()
    while PAUSE.exists():
        time.sleep(1)
    return time.time() - begun


def build_network(recipe):
    return SrNet(recipe.fold, recipe.channels, recipe.inner, recipe.first, recipe.leak)


def train(name, recipe, args, sets):
    torch.manual_seed(recipe.seed)
    net = build_network(recipe)
    if args.start:
        net.load_state_dict(torch.load(args.start)["net"])
    mean = copy.deepcopy(net)
    batches = Batches(args.cache, recipe.flavour, recipe.seed)
    rate = args.rate or recipe.rate
    adam = torch.optim.Adam(net.parameters(), lr=rate, betas=(0.9, 0.99), fused=True)
    checkpoint = pathlib.Path(args.cache) / f"{args.out or name}.pt"
    begun, paused, running = time.time(), 0.0, 0.0
    low_precision = not args.exact
    for step in range(args.steps):
        paused += wait_while_paused()
        done = step / args.steps
        warm = min(1.0, (step + 1) / 200)
        for g in adam.param_groups:
            g["lr"] = rate * warm * (0.5 * (1 + torch.cos(torch.tensor(done * torch.pi)).item()) + 1e-3)
        low, high = batches.take(recipe.batch, recipe.crop, recipe.fold, net.halo)
        got = net(low, low_precision)
        loss = (got - high).abs().mean() if args.loss == "l1" else ((got - high) ** 2).mean() * 20
        adam.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        adam.step()
        keep = min(0.999, (step + 1) / (step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(list(mean.parameters()), list(net.parameters()), 1 - keep)
        running += loss.item()
        if (step + 1) % 500 == 0 and (step + 1) % args.report != 0:
            print(f"{name} {step + 1} loss {running / 500 * 256:.4f} {time.time() - begun - paused:.0f}s", flush=True)
            running = 0.0
        if (step + 1) % args.report == 0 or step + 1 == args.steps:
            result = score(lambda x: upscale(mean, x), sets)
            print(f"{name} {step + 1} {time.time() - begun - paused:.0f}s {json.dumps(result)}", flush=True)
            running = 0.0
            training = {**vars(args), "steps_done": step + 1, "seconds": round(time.time() - begun - paused)}
            torch.save({"net": mean.state_dict(), "training": training}, checkpoint)
    return mean, training


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--model", required=True, choices=RECIPES)
    p.add_argument("--data", default="../shared/train")
    p.add_argument("--cache", default="/tmp/upreel-train")
    p.add_argument("--steps", type=int)
    p.add_argument("--rate", type=float)
    p.add_argument("--start", help="a checkpoint to go on from")
    p.add_argument("--out", help="name of the checkpoint")
    p.add_argument("--loss", default="l1", choices=["l1", "l2"])
    p.add_argument("--exact", action="store_true", help="float32 instead of bfloat16")
    p.add_argument("--no-publish", action="store_true")
    p.add_argument("--report", type=int, default=5000)
    p.add_argument("--threads", type=int, default=1)
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    recipe = RECIPES[args.model]
    args.steps = args.steps or recipe.steps
    clean_tiles.build(args.data, args.cache)
    net, training = train(args.model, recipe, args, load_holdout(args.data, args.cache))
    if not args.no_publish:
        publish(args.model, net, training, args.data, args.cache)


if __name__ == "__main__":
    main()
