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

from check_onnx import check_sizes, runner
from evaluate import load_holdout, score, upscale
from clips import make_pairs, score_clips, summarise
from export_onnx import export_fp32, export_int8
from network import SrNet
from pictures import split
from quantised import QuantisedNet
from recipes import RECIPES

MODELS = pathlib.Path(__file__).parent.parent / "packages/upscaler/models"
MANIFESTS = pathlib.Path(__file__).parent / "manifests"


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    facts = dict(line.split("\t: ", 1) for line in lines if "\t: " in line)
    vnni = "avx512_vnni" in facts.get("flags", "")
    return f"{facts.get('model name')} family {facts.get('cpu family')} model {facts.get('model')}, VNNI {vnni}"


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


def write_model(model, path, reference, sets):
    """Saves, proves and measures one file; returns its row of the manifest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)
    return {
        "file": path.name,
        "weights": weights_in(model),
        "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "largest_difference_to_training": check_sizes(path, reference),
        "holdout_x2_bicubic": score(runner(path), sets),
    }


def publish(name, net, stages, args):
    """Writes the fp32 or the int8 file (whichever `net` is) and its part of the manifest."""
    recipe, sets = RECIPES[name], load_holdout(args.data, args.cache)
    quantised = isinstance(net, QuantisedNet)
    suffix = "-int8" if quantised else "-fp32" if recipe.int8 else ""
    path = args.folder / f"{name}{suffix}.onnx"
    export = export_int8 if quantised else export_fp32
    row = write_model(export(net, name, recipe), path, lambda x: upscale(net, x), sets)
    row["training"] = stages
    if recipe.flavour == "live":
        row["clips"] = summarise(score_clips(runner(path), make_pairs(args.media, args.cache)))
    kept = MANIFESTS / f"{name}.json"
    before = json.loads(kept.read_text())["files"] if kept.exists() else []
    manifest = {
        "id": name,
        "recipe": dataclasses.asdict(recipe),
        "data": describe_data(args.data),
        "versions": versions(),
        "files": sorted([r for r in before if r["file"] != row["file"]] + [row], key=lambda r: r["file"]),
    }
    MANIFESTS.mkdir(exist_ok=True)
    kept.write_text(json.dumps(manifest, indent=2) + "\n")
    print(json.dumps(row), flush=True)


def build_network(recipe):
    return SrNet(recipe.fold, recipe.channels, recipe.inner, recipe.first, recipe.leak, recipe.carry)


def load_checkpoint(name, checkpoint):
    """(network, stages it has been through)"""
    saved, net = torch.load(checkpoint), build_network(RECIPES[name])
    if "last" in saved["net"]:
        net = QuantisedNet(net)
    net.load_state_dict(saved["net"])
    return net, saved["stages"]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--model", required=True, choices=RECIPES)
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--data", default="../shared/train")
    p.add_argument("--media", default="../shared/media")
    p.add_argument("--cache", default="/tmp/upreel-train")
    p.add_argument("--folder", type=pathlib.Path, default=MODELS)
    args = p.parse_args()
    torch.set_num_threads(1)
    net, stages = load_checkpoint(args.model, args.checkpoint)
    publish(args.model, net, stages, args)


if __name__ == "__main__":
    main()
