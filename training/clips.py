"""Real clips as test material for `live` models: halved, coded, upscaled, compared with what they were."""
import hashlib
import pathlib

import numpy as np

from evaluate import psnr
from video_codecs import QUIET, coded, filtered, luma_of, run

CLIPS = [
    "live_1080p25_redtree.mkv", "live_720p30_dog_aac.mp4", "concert_1080p50_pcm.mov", "flower_540p2997_aac.mp4",
    "toys_480p30_crystal_aac.mp4", "road_432p12.5_car.mp4", "hall_432p10_long139s.mp4", "sign_480p30_person.mkv",
    "phone_360p30_17s_roof.mp4", "film1910s_360p25_bw_mp3.mp4", "face_720p_aac.flv", "screen_1916x1080p60.mp4",
    "bbb_720p25_aac51.mp4", "bbb_1080p60_vp8_vorbis51.webm", "anim_400p23.976_mpeg4_mp3.avi",
    "cartoon1936_1440x1074_pgs.mkv", "cartoon1936_dvd_720x478_sar8-9_vobsub.mkv",
]  # fmt: skip
# What became of the clip before it reached the server: (scaler, encoder).
SOURCES = {
    "h264 crf 18": ("bicubic", ["-c:v", "libx264", "-preset", "medium", "-crf", "18"]),
    "h264 crf 24": ("lanczos", ["-c:v", "libx264", "-preset", "veryfast", "-crf", "24"]),
    "h264 crf 28": ("bicubic", ["-c:v", "libx264", "-preset", "medium", "-crf", "28"]),
    "mpeg2 q 4": ("area", ["-c:v", "mpeg2video", "-q:v", "4", "-bf", "2", "-g", "12"]),
    "uncoded": ("bicubic", []),
}
# What old discs and web copies look like; a list of passes where it was coded twice.
BAD_SOURCES = {
    "h264 crf 30": ("bicubic", [["-c:v", "libx264", "-preset", "medium", "-crf", "30"]]),
    "mpeg2 q 8": ("area", [["-c:v", "mpeg2video", "-q:v", "8", "-bf", "2", "-g", "12"]]),
    "mpeg4 q 6": ("bicubic", [["-c:v", "mpeg4", "-q:v", "6", "-g", "120"]]),
    "mpeg2 q 5, h264 crf 27": ("bicubic", [["-c:v", "mpeg2video", "-q:v", "5", "-g", "12"],
                                           ["-c:v", "libx264", "-preset", "medium", "-crf", "27"]]),
}  # fmt: skip
FRAMES, JUDGED = 16, (0, 7, 15)
SKIP_SECONDS = {"anim_400p23.976_mpeg4_mp3.avi": "2", "film1910s_360p25_bw_mp3.mp4": "3", "cartoon1936_1440x1074_pgs.mkv": "20",
                "cartoon1936_dvd_720x478_sar8-9_vobsub.mkv": "20", "screen_1916x1080p60.mp4": "6"}  # fmt: skip


def shrunk(high, source, side=4):
    """What became of a clip: two of every `side` pixels, coded as the source of this name says."""
    scaler, passes = SOURCES.get(source) or BAD_SOURCES[source]
    h, w = (2 * n // side for n in high.shape[1:])
    low = filtered(high, f"scale={w}:{h}:flags={scaler}+accurate_rnd", h, w)
    for encoder in passes if source in BAD_SOURCES else [passes]:
        low = coded(low, encoder)
    return low


def enlarged_plainly(low, shape, flags):
    h, w = shape[1:]
    return filtered(low, f"scale={w}:{h}:flags={flags}+accurate_rnd", h, w)


def read_frames(path, side=4):
    """[FRAMES,H,W] luma of the middle of the picture, at most 1280x720, sides divisible by 4 (for other factors than x2 by 24)."""
    step = {4: 4, 3: 12}.get(side, 24)
    size = f"floor(min(iw\\,1280)/{step})*{step}:floor(min(ih\\,720)/{step})*{step}"
    probe = run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0", str(path)])
    w, h = (int(n) for n in probe.decode().split()[0].split(",")[:2])
    w, h = (min(n, most) // step * step for n, most in ((w, 1280), (h, 720)))
    skip = ["-ss", SKIP_SECONDS[path.name]] if path.name in SKIP_SECONDS else []
    command = [*QUIET, *skip, "-i", str(path), "-fps_mode", "passthrough", "-an", "-map", "0:v:0", "-vf", f"crop={size}"]
    command += ["-frames:v", str(FRAMES), "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"]
    return luma_of(run(command), h, w)


def make_pairs(media, cache, side=4):
    """{(clip, source): {low, high, lanczos, bicubic}}, three pictures each, kept between runs."""
    key = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()[:12]
    kept = pathlib.Path(cache) / f"clips-{side}-{key}.npz"
    if not kept.exists():
        planes = {}
        for clip in CLIPS:
            high = read_frames(pathlib.Path(media) / clip, side)
            for source in SOURCES:
                low = shrunk(high, source, side)[list(JUDGED)]
                name = f"{clip}|{source}"
                planes[f"{name}|low"], planes[f"{name}|high"] = low, high[list(JUDGED)]
                for flags in ("lanczos", "bicubic"):
                    planes[f"{name}|{flags}"] = enlarged_plainly(low, high.shape, flags)
        np.savez(kept, **planes)
    z = np.load(kept)
    names = sorted({k.rsplit("|", 1)[0] for k in z.files})
    return {tuple(n.split("|")): {k: z[f"{n}|{k}"] for k in ("low", "high", "lanczos", "bicubic")} for n in names}


def blur(x, size=8):
    """Mean over size x size windows."""
    s = np.pad(x, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    return (s[size:, size:] - s[:-size, size:] - s[size:, :-size] + s[:-size, :-size]) / size**2


def ssim(a, b):
    """Mean SSIM over 8x8 windows, as ffmpeg's filter has it (stride 1 instead of 4)."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    ma, mb = blur(a), blur(b)
    va, vb, cov = blur(a * a) - ma**2, blur(b * b) - mb**2, blur(a * b) - ma * mb
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return float(((2 * ma * mb + c1) * (2 * cov + c2) / ((ma**2 + mb**2 + c1) * (va + vb + c2))).mean())


def mean_psnr(pictures, truth):
    return sum(psnr(a, b) for a, b in zip(pictures, truth)) / len(truth)


def score_clips(upscaler, pairs, with_ssim=False):
    """Rows {clip, source, model, lanczos, bicubic} in dB; with SSIM when asked."""
    rows = []
    for (clip, source), planes in pairs.items():
        made = [upscaler(np.ascontiguousarray(p)) for p in planes["low"]]
        row = {"clip": clip, "source": source, "model": mean_psnr(made, planes["high"])}
        for k in ("lanczos", "bicubic"):
            row[k] = mean_psnr(planes[k], planes["high"])
        if with_ssim:
            for k, pictures in (("model", made), ("lanczos", planes["lanczos"]), ("bicubic", planes["bicubic"])):
                row[f"{k}_ssim"] = ssim(pictures[1], planes["high"][1])  # of the middle picture: it is slow
        rows.append(row)
    return rows


def summarise(rows):
    over = [r["model"] - r["lanczos"] for r in rows]
    worst = min(rows, key=lambda r: r["model"] - r["lanczos"])
    mean = lambda k: round(sum(r[k] for r in rows) / len(rows), 3)
    return {
        "psnr": mean("model"), "lanczos": mean("lanczos"), "bicubic": mean("bicubic"),
        "gain_over_lanczos": round(sum(over) / len(over), 3),
        "worst_over_lanczos": [round(min(over), 3), worst["clip"], worst["source"]],
        "by_source": {s: round(sum(r["model"] - r["lanczos"] for r in rows if r["source"] == s)
                               / sum(r["source"] == s for r in rows), 3) for s in SOURCES},
    }  # fmt: skip
