"""python training/vmaf.py : VMAF of every `live` model, lanczos and bicubic on the test clips; prints the table of docs/models.md.

Needs an ffmpeg with libvmaf; the one inside the package imageio-ffmpeg has it.
"""
import argparse
import json
import pathlib
import tempfile

import imageio_ffmpeg
import numpy as np

from check_onnx import runner
from clips import CLIPS, enlarged_plainly, read_frames, shrunk
from publish import MODELS
from video_codecs import as_yuv420p, run

JUDGED_SOURCES = ("h264 crf 18", "h264 crf 24", "mpeg2 q 4")
SCALERS = ("bicubic", "lanczos")


def pooled(made, truth, options=""):
    """libvmaf's means over the frames of [N,H,W] uint8 luma, by name; without options of its own model, vmaf_v0.6.1."""
    _, h, w = truth.shape
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, frames in (("made", made), ("truth", truth)):
            file = pathlib.Path(folder) / f"{name}.yuv"
            file.write_bytes(as_yuv420p(frames))
            files += ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{w}x{h}", "-r", "25", "-i", str(file)]
        log = pathlib.Path(folder) / "vmaf.json"
        judge = f"[0:v][1:v]libvmaf={options}log_fmt=json:log_path={log}:n_threads=1"
        run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", *files, "-lavfi", judge, "-f", "null", "-"])
        return {name: row["mean"] for name, row in json.loads(log.read_text())["pooled_metrics"].items()}


def vmaf(made, truth):
    """As seen at 1080p on a television."""
    return pooled(made, truth)["vmaf"]


def score(clip, source, models, media):
    """{model or scaler: VMAF} of one clip, coded as `source` says."""
    high = read_frames(pathlib.Path(media) / clip)
    low = shrunk(high, source)
    row = {s: vmaf(enlarged_plainly(low, high.shape, s), high) for s in SCALERS}
    for name, upscale in models.items():
        row[name] = vmaf(np.stack([upscale(np.ascontiguousarray(p)) for p in low]), high)
    return row


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--media", default="../shared/media")
    p.add_argument("files", nargs="*", type=pathlib.Path)
    args = p.parse_args()
    files = args.files or sorted(MODELS.glob("*live*.onnx"))
    models = {f.name: runner(f) for f in files}
    rows = {source: [score(clip, source, models, args.media) for clip in CLIPS] for source in JUDGED_SOURCES}
    print("| VMAF, mean of the clips (worst against lanczos) | " + " | ".join(JUDGED_SOURCES) + " |")
    print("| --- |" + " --- |" * len(JUDGED_SOURCES))
    for name in (*SCALERS, *models):
        cells = []
        for source in JUDGED_SOURCES:
            mean = sum(r[name] for r in rows[source]) / len(rows[source])
            worst = min(r[name] - r["lanczos"] for r in rows[source])
            cells.append(f"{mean:.1f} ({worst:+.1f})")
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
