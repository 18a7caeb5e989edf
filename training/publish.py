"""Turns a checkpoint into model files and the manifest that says where they come from.

python training/publish.py --model <id> --checkpoint <file> : also run by train.py when it ends.
"""
import argparse
import dataclasses
import hashlib
import json
import pathlib
import platform

import numpy as np
import onnx
import onnxruntime
import torch

from batches import Batches
from blend import mix, soften
from calibrate import DRAWS, to_int8
from check_onnx import check_sizes, runner
from evaluate import load_holdout, score, upscale
from clips import make_pairs, score_clips, summarise
from export_onnx import export_fp32, export_int8
from network import SrNet
from pictures import split
from recipes import RECIPES
from warm_start import warm_start

MODELS = pathlib.Path(__file__).parent.parent / "packages/upscaler/models"
MANIFESTS = pathlib.Path(__file__).parent / "manifests"


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    vnni = "with" if "avx512_vnni" in facts.get("flags", "") else "without"
    return f"{facts.get('model name')}, family {facts.get('cpu family')}, model {facts.get('model')}, {vnni} AVX-512 VNNI"


def digest(rows):
    return hashlib.sha256("".join(f"{r['sha256']} {r['path']}\n" for r in rows).encode()).hexdigest()


def describe_data(data):
    train, held = split(data)
    return {
        "trained_on": {"pictures": len(train), "sha256_of_list": digest(train)},
        "held_out": {"pictures": len(held), "sha256_of_list": digest(held), "paths": [r["path"] for r in held]},
    }


def weights_in(model):
    """Numbers in the graph's convolutions: folded kernels and biases."""
    places = {"Conv": (1, 2), "QLinearConv": (3, 8)}
    names = {n.input[i] for n in model.graph.node for i in places.get(n.op_type, ()) if i < len(n.input)}
    return int(sum(np.prod(t.dims) for t in model.graph.initializer if t.name in names))


def versions():
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "onnx": onnx.__version__,
        "onnxruntime": onnxruntime.__version__,
    }


def write_model(model, path, reference, sets, bound, side):
    """Saves, proves and measures one file; returns its row of the manifest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)
    return {
        "file": path.name,
        "weights": weights_in(model),
        "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "largest_difference_to_training": check_sizes(path, reference, bound, side),
        "holdout_bicubic": score(runner(path), sets),
    }


def publish(model, net, stages, args, name=None, batches_of=None, tiles=None, draws=DRAWS):
    """Writes the model's files, under another name if one is given, and its manifest.

    `batches_of` and `tiles` where the tiles are not those of the model's flavour: what draws them, and what is told of them. `draws`: calibrate.py.
    """
    name = name or model
    recipe = RECIPES[model]
    sets = load_holdout(args.data, args.cache, recipe.side)
    if recipe.soften:
        net = soften(net, recipe.soften)
    versions_of = [("-fp32" if recipe.int8 else "", net, export_fp32)]
    if recipe.int8:
        versions_of.append(("-int8", to_int8(net, recipe, batches_of or (lambda seed: Batches(args.cache, recipe.flavour, seed)), draws), export_int8))
    rows = []
    for suffix, shape, export in versions_of:
        path = args.folder / f"{name}{suffix}.onnx"
        # A tie that falls the other way in one int8 layer may count twice in the next.
        bound = 2 if suffix == "-int8" else 1
        row = write_model(export(shape, name, recipe), path, lambda x: upscale(shape, x), sets, bound, recipe.side)
        if recipe.flavour != "clean" and not getattr(args, "quick", False):
            row["clips"] = summarise(score_clips(runner(path), make_pairs(args.media, args.cache, recipe.side)))
        print(json.dumps(row), flush=True)
        rows.append(row)
    manifest = {
        "id": name,
        "recipe": dataclasses.asdict(recipe),
        "stages_run": stages,
        "data": describe_data(args.data),
        "tiles": tiles or {k: v for k, v in tiles_facts(args.cache, recipe.flavour).items() if k != "pictures"},
        "versions": versions(),
        "files": rows,
    }
    if args.folder == MODELS:
        MANIFESTS.mkdir(exist_ok=True)
        (MANIFESTS / f"{name}.json").write_text(json.dumps(manifest, indent=2) + "\n")


def tiles_facts(cache, flavour):
    return json.loads((pathlib.Path(cache) / f"{flavour}.json").read_text())


def build_network(recipe):
    return SrNet(recipe.fold, recipe.channels, recipe.inner, recipe.first, recipe.leak, recipe.carry, recipe.side)


def load_checkpoint(name, checkpoint):
    """(network, stages it has been through)"""
    saved, net = torch.load(checkpoint), build_network(RECIPES[name])
    net.load_state_dict(saved["net"])
    return net, saved["stages"]


def load_start(name, start):
    """The same of a checkpoint or a published fp32 file."""
    if not start.endswith(".onnx"):
        return load_checkpoint(name, start)
    digest = hashlib.sha256(pathlib.Path(start).read_bytes()).hexdigest()
    return warm_start(build_network(RECIPES[name]), start), [{"started_from_sha256": digest}]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--model", required=True, choices=RECIPES)
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--average", help="a second network, the mean with which is published")
    p.add_argument("--data", default="../shared/train")
    p.add_argument("--media", default="../shared/media")
    p.add_argument("--cache", default="/tmp/upreel-train")
    p.add_argument("--folder", type=pathlib.Path, default=MODELS)
    args = p.parse_args()
    torch.set_num_threads(1)
    net, stages = load_checkpoint(args.model, args.checkpoint)
    if args.average:
        other, before = load_start(args.model, args.average)
        torch.manual_seed(RECIPES[args.model].seed)
        net = mix(build_network(RECIPES[args.model]), net, other)
        stages = [*stages, {"averaged_with": before}]
    publish(args.model, net, stages, args)


if __name__ == "__main__":
    main()
