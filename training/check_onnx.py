"""Proves an exported model: shapes for odd sizes, agreement with the training network, speed on one thread."""
import time

import numpy as np
import onnxruntime as ort

from network import enlarged

SIZES = [(5, 7), (64, 64), (359, 641), (642, 642), (360, 640)]  # rows, columns


def session(path, threads=1):
    o = ort.SessionOptions()
    o.intra_op_num_threads = threads
    o.log_severity_level = 3
    return ort.InferenceSession(str(path), o, providers=["CPUExecutionProvider"])


def runner(path):
    s = session(path)
    return lambda plane: s.run(["y"], {"x": plane[None, None]})[0][0, 0]


def check_sizes(path, reference, bound=1, side=4):
    """Largest difference to the training network; more than `bound` grey levels is an error."""
    run, worst = runner(path), 0
    random = np.random.default_rng(5)
    for h, w in SIZES:
        plane = np.kron(random.integers(0, 256, (h // 4 + 1, w // 4 + 1), np.uint8), np.ones((4, 4), np.uint8))[:h, :w]
        got = run(np.ascontiguousarray(plane))
        if got.shape != (enlarged(h, side), enlarged(w, side)) or got.dtype != np.uint8:
            raise SystemExit(f"{path}: {h}x{w} gave {got.shape} {got.dtype}")
        worst = max(worst, int(np.abs(got.astype(int) - reference(plane).astype(int)).max()))
    if worst > bound:
        raise SystemExit(f"{path}: differs by {worst} grey levels from the network that was trained")
    return worst


def megapixels_per_second(path, height=360, width=640, seconds=3.0):
    """Input pixels a second on one core; of the fastest tenth of single runs, since the machine is shared."""
    s = session(path)
    x = np.random.default_rng(1).integers(0, 256, (1, 1, height, width), np.uint8)
    s.run(["y"], {"x": x})
    times, begun = [], time.perf_counter()
    while time.perf_counter() - begun < seconds:
        t = time.perf_counter()
        s.run(["y"], {"x": x})
        times.append(time.perf_counter() - t)
    return round(height * width / sorted(times)[len(times) // 10] / 1e6, 2)
