"""Luma planes through the real ffmpeg: scaled, disturbed, encoded and decoded again."""
import pathlib
import subprocess
import tempfile

import numpy as np

QUIET = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-threads", "1", "-y"]


def run(arguments, data=None):
    done = subprocess.run(arguments, input=data, capture_output=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.decode()[-400:]}")
    return done.stdout


def as_yuv420p(frames):
    """[N,H,W] uint8 -> raw yuv420p with grey chroma (gray as a pixel format invites range conversions)."""
    n, h, w = frames.shape
    grey = np.full((n, h * w // 2), 128, np.uint8)
    return np.concatenate([frames.reshape(n, -1), grey], 1).tobytes()


def luma_of(raw, h, w):
    return np.frombuffer(raw, np.uint8).reshape(-1, h * w * 3 // 2)[:, : h * w].reshape(-1, h, w)


def raw_input(h, w):
    return ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{w}x{h}", "-r", "25", "-i", "-"]


def filtered(frames, chain, out_h, out_w):
    raw = run(
        [*QUIET[:4], "-threads", "1", *raw_input(*frames.shape[1:]), "-vf", chain, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"],
        as_yuv420p(frames),
    )
    return luma_of(raw, out_h, out_w)


def coded(frames, encoder):
    """Encoded with the given ffmpeg arguments and decoded; [] gives the frames back."""
    if not encoder:
        return frames
    h, w = frames.shape[1:]
    with tempfile.TemporaryDirectory() as folder:
        file = str(pathlib.Path(folder) / "clip.mkv")
        command = [*QUIET[:4], *raw_input(h, w), *encoder, "-threads", "1", "-pix_fmt", "yuv420p", file]
        run(command, as_yuv420p(frames))
        raw = run([*QUIET, "-i", file, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"])
    return luma_of(raw, h, w)
