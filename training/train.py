"""python training/train.py --model <id> --data <pictures> : trains, exports, proves and reports one built-in model."""
import argparse
import copy
import dataclasses
import json
import math
import os
import pathlib
import time

import torch

import clean_tiles
import live_tiles
import sharp_tiles
import worn_tiles
from batches import Batches
from blend import mix
from evaluate import ROUNDING, load_holdout, score, upscale
from perceptual import feature_loss
from publish import MODELS, build_network, load_start, publish
from recipes import RECIPES
from seen_contrast import contrast_lost

PAUSE = pathlib.Path(os.environ.get("UPREEL_TRAIN_PAUSE", "/tmp/upreel-pause"))
HIGHEST_LOAD = float(os.environ.get("UPREEL_TRAIN_MAX_LOAD", "inf"))


def wait_while_paused(step):
    """Others measure speed on this machine; the file asks for quiet, and so does a high load."""
    begun = time.time()
    while PAUSE.exists() or (step % 20 == 0 and os.getloadavg()[0] > HIGHEST_LOAD):
        time.sleep(1)
    return time.time() - begun


def rate_at(step, stage):
    return stage.rate * min(1.0, (step + 1) / 200) * (0.5 + 0.5 * math.cos(math.pi * step / (stage.cosine or stage.steps)))


def unfolded(planes):
    """Output pixels of 2x2 blocks as pictures."""
    return torch.nn.functional.pixel_shuffle(planes, math.isqrt(planes.shape[1]))


def slopes(x):
    """How the difference changes from pixel to pixel; the planes of a block are neighbours' neighbours."""
    full = unfolded(x)
    return full.diff(dim=-1).abs().mean() + full.diff(dim=-2).abs().mean()


LOSSES = {
    "l1": lambda away: away.abs().mean(),
    "l2": lambda away: (away**2).mean() * 20,
    # Where it is off and by how much its edges are: crisp ones are what `sharp` is for.
    "edges": lambda away: away.abs().mean() + slopes(away),
    # Mean PSNR: a soft, clean tile counts as much as a detailed one, where L1 hardly sees it.
    "psnr": lambda away: torch.log10((away**2).mean((1, 2, 3)) + ROUNDING).mean() / 10,
}


def drawn(batches, recipe, net, stage):
    """(low, target, what the film shows if the stage asks for it) of a batch."""
    if stage.contrast:
        return batches.take_shown(recipe.batch, recipe.crop, recipe.fold, net.halo, stage.amount)
    return *batches.take(recipe.batch, recipe.crop, recipe.fold, net.halo, stage.amount, recipe.side), None


def train_stage(name, recipe, number, net, args, sets, save):
    stage = recipe.stages[number]
    torch.manual_seed(recipe.seed + number)
    batches = Batches(args.cache, stage.flavour or recipe.flavour, recipe.seed + number, stage.detailed)
    mean = copy.deepcopy(net)
    adam = torch.optim.Adam(net.parameters(), lr=stage.rate, betas=(0.9, 0.99), fused=True)
    begun, waited, running = time.time(), 0.0, 0.0
    for step in range(stage.steps):
        waited += wait_while_paused(step)
        for group in adam.param_groups:
            group["lr"] = rate_at(step, stage)
        low, high, shown = drawn(batches, recipe, net, stage)
        made = net(low, not stage.exact)
        loss = LOSSES[stage.loss](made - high)
        if stage.contrast:
            loss = loss + stage.contrast * contrast_lost(unfolded(made) * 256, shown)
        if stage.seen:
            loss = loss + stage.seen * feature_loss(unfolded(made), unfolded(high))
        adam.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        adam.step()
        keep = min(0.999, (step + 1) / (step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(list(mean.parameters()), list(net.parameters()), 1 - keep)
        running += loss.item()
        last = step + 1 == stage.steps
        if (step + 1) % args.report == 0 or last:
            seconds = round(time.time() - begun - waited)
            say = f"{name} stage {number} step {step + 1} {seconds}s loss {running / args.report * 256:.4f}"
            running = 0.0
            result = score(lambda x: upscale(mean, x), sets) if last or (step + 1) % (4 * args.report) == 0 else ""
            print(say, json.dumps(result), flush=True)
            save(mean, {**dataclasses.asdict(stage), "steps_done": step + 1, "seconds": seconds})
    return mean


def train(name, args, sets):
    recipe = RECIPES[name]
    checkpoint = pathlib.Path(args.cache) / f"{args.out or name}.pt"
    net, before = build_network(recipe), []
    start = args.start or (recipe.grown_from and str(MODELS / f"{recipe.grown_from}-fp32.onnx"))
    if start:
        net, before = load_start(name, start)
    for number in range(args.from_stage, len(recipe.stages)):
        done = list(before)

        def save(mean, facts):
            torch.save({"net": mean.state_dict(), "stages": [*done, facts]}, checkpoint)
            before[:] = [*done, facts]

        if recipe.stages[number].mixed:
            faithful, _ = load_start(name, str(MODELS / f"{recipe.grown_from}-fp32.onnx"))
            net = mix(build_network(recipe), net, faithful, recipe.stages[number].mixed)
        net = train_stage(name, recipe, number, net, args, sets, save)
    if not args.no_publish:
        publish(name, net, before, args)
    return net


TILES = {"clean": clean_tiles, "live": live_tiles, "sharp": sharp_tiles, "worn": worn_tiles}


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--model", required=True, choices=RECIPES)
    p.add_argument("--data", default="../shared/train")
    p.add_argument("--media", default="../shared/media")
    p.add_argument("--cache", default="/tmp/upreel-train")
    p.add_argument("--folder", type=pathlib.Path, default=MODELS)
    p.add_argument("--start", help="a checkpoint or a published fp32 file to go on from")
    p.add_argument("--from-stage", type=int, default=0)
    p.add_argument("--out", help="name of the checkpoint")
    p.add_argument("--no-publish", action="store_true")
    p.add_argument("--report", type=int, default=500)
    p.add_argument("--threads", type=int, default=1)
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(RECIPES[args.model].seed)
    for flavour in {RECIPES[args.model].flavour, *(s.flavour for s in RECIPES[args.model].stages)} - {""}:
        TILES[flavour].build(args.data, args.cache)
    train(args.model, args, load_holdout(args.data, args.cache, RECIPES[args.model].side))


if __name__ == "__main__":
    main()
