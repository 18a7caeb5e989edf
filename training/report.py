"""python training/report.py : measures every built-in model file and prints the tables of docs/models.md."""
import argparse
import json
import pathlib

import onnx

from check_onnx import megapixels_per_second, runner
from clips import SOURCES, make_pairs, score_clips
from evaluate import load_holdout, score
from publish import MODELS, processor, weights_in


def measure(path, args, sets, pairs):
    model = onnx.load(path)
    facts = {p.key: p.value for p in model.metadata_props}
    row = {"file": path.name, "flavour": facts["flavour"], "weights": weights_in(model), "kB": path.stat().st_size // 1000}
    row["speed"] = megapixels_per_second(path, seconds=args.seconds)
    row["holdout"] = score(runner(path), sets)
    row["clips"] = score_clips(runner(path), pairs, with_ssim=True)
    return row


def mean(rows, key):
    return sum(r[key] for r in rows) / len(rows)


def print_models(rows):
    print(f"| file | flavour | weights | kB | Mpx/s a core | held-out pictures, dB over bicubic | clips, dB over lanczos | worst clip |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for r in rows:
        over = [c["model"] - c["lanczos"] for c in r["clips"]]
        gain = r["holdout"]
        print(f"| `{r['file']}` | {r['flavour']} | {r['weights']} | {r['kB']} | {r['speed']:.1f} | "
              f"{gain['psnr']:.2f} ({gain['gain']:+.2f}) | {mean(r['clips'], 'model'):.2f} ({sum(over) / len(over):+.2f}) | {min(over):+.2f} |")


def print_sources(rows):
    print("\n| PSNR / SSIM | " + " | ".join(SOURCES) + " |")
    print("| --- |" + " --- |" * len(SOURCES))
    for title, key, of in [("bicubic", "bicubic", rows[:1]), ("lanczos", "lanczos", rows[:1])] + [(r["file"], "model", [r]) for r in rows]:
        cells = []
        for source in SOURCES:
            chosen = [c for c in of[0]["clips"] if c["source"] == source]
            cells.append(f"{mean(chosen, key):.2f} / {mean(chosen, key + '_ssim'):.4f}")
        print(f"| {title} | " + " | ".join(cells) + " |")


def print_clips(row):
    print(f"\n| `{row['file']}`, dB over lanczos | " + " | ".join(SOURCES) + " |")
    print("| --- |" + " --- |" * len(SOURCES))
    for clip in sorted({c["clip"] for c in row["clips"]}):
        by = {c["source"]: c for c in row["clips"] if c["clip"] == clip}
        print(f"| {clip} | " + " | ".join(f"{by[s]['model'] - by[s]['lanczos']:+.2f}" for s in SOURCES) + " |")


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--data", default="../shared/train")
    p.add_argument("--media", default="../shared/media")
    p.add_argument("--cache", default="/tmp/upreel-train")
    p.add_argument("--seconds", type=float, default=4.0)
    p.add_argument("--json", type=pathlib.Path)
    p.add_argument("files", nargs="*", type=pathlib.Path)
    args = p.parse_args()
    sets, pairs = load_holdout(args.data, args.cache), make_pairs(args.media, args.cache)
    rows = [measure(f, args, sets, pairs) for f in args.files or sorted(MODELS.glob("*.onnx"))]
    if args.json:
        args.json.write_text(json.dumps(rows))
    print(f"Measured on {processor()}; one thread, 640x360 in.\n")
    print_models(rows)
    print_sources(rows)
    for row in rows:
        if row["file"].endswith("-int8.onnx"):
            print_clips(row)


if __name__ == "__main__":
    main()
