"""Turns a checkpoint into model files and the manifest that says where they come from.

python training/publish.py --model <id> --checkpoint <file> : also run by train.py when it ends.
"""
import argparse
import hashlib
import json
import pathlib
import platform

import numpy as np
import onnx
import onnxruntime
import torch

from check_onnx import check_sizes, megapixels_per_second, runner
from evaluate import load_holdout, score, upscale
from export_onnx import export_fp32
from network import SrNet
from pictures import split
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


def weights_of(net):
    """Numbers in the exported graph: folded kernels and biases, without the constant carry."""
    parts = [net.first, *net.inner, net.last]
    return sum(p.kernel().numel() + p.bias.numel() for p in parts) + net.skip.numel()


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
        "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "largest_difference_to_training": check_sizes(path, reference),
        "megapixels_per_second_a_core": megapixels_per_second(path),
        "holdout_x2_bicubic": score(runner(path), sets),
    }


def publish(name, net, training, data, cache, folder=MODELS):
    recipe, sets = RECIPES[name], load_holdout(data, cache)
    suffix = "-fp32" if recipe.int8 else ""
    rows = [
        write_model(
            export_fp32(net, name, recipe), folder / f"{name}{suffix}.onnx", lambda x: upscale(net, x), sets
        )
    ]
    manifest = {
        "id": name,
        "recipe": vars(recipe),
        "weights": weights_of(net),
        "training": training,
        "data": describe_data(data),
        "versions": versions(),
        "measured_on": processor(),
        "files": rows,
    }
    MANIFESTS.mkdir(exist_ok=True)
    (MANIFESTS / f"{name}.json").write_text(json.dumps(manifest, indent=2) + "\n")
    return manifest


def load_network(name, checkpoint):
    recipe = RECIPES[name]
    net = SrNet(recipe.fold, recipe.channels, recipe.inner, recipe.first, recipe.leak)
    saved = torch.load(checkpoint)
    net.load_state_dict(saved.get("net", saved))
    return net, saved.get("training", {})


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--model", required=True, choices=RECIPES)
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--data", default="../shared/train")
    p.add_argument("--cache", default="/tmp/upreel-train")
    p.add_argument("--folder", type=pathlib.Path, default=MODELS)
    args = p.parse_args()
    torch.set_num_threads(1)
    net, training = load_network(args.model, args.checkpoint)
    manifest = publish(args.model, net, training, args.data, args.cache, args.folder)
    for row in manifest["files"]:
        print(json.dumps(row))


if __name__ == "__main__":
    main()
