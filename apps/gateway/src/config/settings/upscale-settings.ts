import { CONTENTS, PROVIDERS, scaleSchema, VIDEO_ENCODERS } from "@upreel/core";
import { z } from "zod";
import { parseRateRules, rateRuleSchema } from "../rate-rules.ts";
import { numberOrText, setting, textAs, whole } from "./setting.ts";

/** A list separated by commas in the environment, an array of strings in the file. */
const providerList = z.preprocess(
  (value) =>
    typeof value === "string" && value !== "auto"
      ? value.split(",").map((entry) => entry.trim())
      : value,
  z.union([
    z.literal("auto"),
    z
      .array(z.enum(PROVIDERS))
      .min(1)
      .refine((list) => new Set(list).size === list.length),
  ]),
);

/** How films are upscaled, encoded and cut. */
export const upscaleSettings = {
  MODEL: setting(
    z.string().min(1).default("auto"),
    "auto, fastest, fast, balanced, best, or a model id (see `upreel models`)",
    "The model that upscales. `auto` takes the best one that is fast enough on this computer; `fastest` to `best` take one of the built-in models, whatever its speed.",
  ),
  SHARPNESS: setting(
    numberOrText(z.number().min(0).max(1)).default(0.5),
    "a number from 0 (faithful) to 1 (crisp)",
    "How sharp `MODEL=auto` makes films. 0 stays closest to the original; higher values sharpen edges and reduce blur. The nearest of 0, 0.35, 0.5 and 0.7 is used. Films that are not exactly doubled, and those of old codecs (DVD, DivX), have only two steps: faithful and sharp.",
  ),
  CONTENT: setting(
    z.enum(["auto", ...CONTENTS]).default("auto"),
    "auto, film or animation",
    "Kind of film for `MODEL=auto`. With `auto`, Upreel samples a few frames, but only if you have a model for animation or live action. `POST /upscale-trigger` can set it for one film (`content`).",
  ),
  MODEL_FOR_ANIMATION: setting(
    z.string().min(1).optional(),
    "a model id",
    "The model that `MODEL=auto` prefers for animation. By default an installed public model for animation, if it is fast enough.",
  ),
  MODEL_FOR_FILM: setting(
    z.string().min(1).optional(),
    "a model id",
    "The model that `MODEL=auto` prefers for live action. By default an installed public model for live action, if it is fast enough.",
  ),
  FACES: setting(
    z.enum(["on", "off"]).default("off"),
    "on or off",
    "Restores faces in upscaled films; needs two more models (`upreel faces download`, 340 MB). Without a GPU that takes seconds per frame: faces are then restored only in parts that nobody is waiting for. `POST /upscale-trigger` can set it for one film (`faces`, `face_strength`).",
  ),
  FACE_STRENGTH: setting(
    numberOrText(z.number().min(0).max(1)).default(0.7),
    "a number from 0 to 1",
    "How strongly faces are restored: 0 keeps the original face, 1 shows the restored one.",
  ),
  PROVIDERS: setting(
    providerList.default("auto"),
    `auto, or some of ${PROVIDERS.join(", ")} separated by commas (in the file: an array)`,
    "What models run on: the processor (`cpu`) or a GPU. `auto` measures everything that works here and takes the fastest. A list sets the order instead: the first one that works is used. If none works and `cpu` is not in the list, films are only enlarged.",
  ),
  TILE_MEMORY: setting(
    whole(64, 65_536).default(1024),
    "a whole number from 64 to 65536 (MiB)",
    "Memory that one thread may use for a picture; larger pictures are upscaled in tiles.",
  ),
  KEEP_UP: setting(
    z.enum(["on", "off"]).default("on"),
    "on or off",
    "While somebody watches and upscaling falls behind, continue with a faster model, and in the end with plain enlarging.",
  ),
  LADDER: setting(
    z.enum(["on", "off"]).default("off"),
    "on or off",
    "Also offers each film upscaled at a lower bit rate, and without upscaling in the source's size and a smaller one (`master.m3u8`), for slow connections: players switch to those qualities and back by themselves. A single player gets it with `?ladder=on`.",
  ),
  RATE: setting(
    textAs(parseRateRules, z.array(rateRuleSchema)).default([]),
    "rules separated by `;`, each a rate (`40M`, `800k`), alone or after `remote:`, `network=…:`, `user=…:` or `client=…:` (in the file: an array of objects with `bitsPerSecond`)",
    "The highest bit rate that players are offered (`master.m3u8`). The first matching rule counts: `user=kids:2M; remote:8M; 40M` is 2 Mbit/s for one user of Jellyfin, 8 for others who are not in a network at home, and 40 for everybody else. `network=203.0.113.0/24` and `client=VLC` are rules, too. If the upscaled film needs more, it is offered at a lower bit rate or without upscaling, as with `LADDER`.",
  ),
  SCALE: setting(
    z.union([z.literal("auto"), numberOrText(scaleSchema)]).default("auto"),
    "auto, a whole number from 1 to 8, or 1.5",
    "How many times wider and higher the picture becomes. `auto` takes the smaller of ×1.5 and ×2 (or the factor of your own model) that fills the screen (`TARGET_HEIGHT`), and never more than that; ×3 or ×4 if that fits the screen exactly and this machine can do it live at the same quality level. Films that fill the screen already stay as they are.",
  ),
  TARGET_HEIGHT: setting(
    z.union([z.literal("auto"), whole(144, 8640)]).default("auto"),
    "auto, or a whole number from 144 to 8640 (lines)",
    "The screen height that `SCALE=auto` aims at, for 16:9. `auto` means 1080 lines, or 2160 if a GPU can do that live. With 720, a film of 360 lines is doubled.",
  ),
  QUALITY: setting(
    whole(0, 51).default(20),
    "a whole number from 0 (best) to 51",
    "Quality of the encoded video: lower numbers are better and need more space (CRF of x264 and x265, CQ of NVENC).",
  ),
  VIDEO_ENCODER: setting(
    z.enum(["auto", ...VIDEO_ENCODERS]).default("auto"),
    `one of auto, ${VIDEO_ENCODERS.join(", ")}`,
    "Video encoder. `auto` takes a hardware H.264 encoder that works here, else libx264. HEVC (`libx265`, `hevc_nvenc`) does not play on Apple devices or in Chrome.",
  ),
  MAX_OUTPUT_HEIGHT: setting(
    whole(144, 8640).default(2160),
    "a whole number from 144 to 8640 (pixels)",
    "Largest height of an upscaled picture (its width, if the film is upright). Films that are already that large are not upscaled.",
  ),
  MAX_QUEUED: setting(
    whole(1, 10_000).default(1000),
    "a whole number from 1 to 10000",
    "How many films may wait or be upscaled; further ones are refused (503 `queue_full`).",
  ),
  PLANS_AT_A_TIME: setting(
    whole(1, 64).default(2),
    "a whole number from 1 to 64",
    "How many films are analysed at the same time before they are upscaled; each takes two or three processes.",
  ),
  GROWTH_TIMEOUT: setting(
    whole(2, 3600).default(60),
    "a whole number from 2 to 3600 (seconds)",
    "A film that is being recorded or downloaded is followed as it grows; it counts as complete when it has not grown for this long.",
  ),
  FARM: setting(
    z.enum(["on", "only"]).default("on"),
    "on or only",
    "Who upscales when other computers have joined ([farm.md](farm.md)): this computer and the others (`on`), or only the others (`only`). With `only`, films wait while none of them is connected, and Jellyfin plays the original.",
  ),
  IN_USE_LOAD: setting(
    whole(5, 100).default(25),
    "a whole number from 5 to 100 (percent)",
    "On a computer that helps a gateway and must not be disturbed (`--while-in-use off`, [farm.md](farm.md#not-while-i-play)): the share of its processor that other programs have to take before it counts as in use.",
  ),
  MAX_STREAMS: setting(
    whole(1, 64).default(2),
    "a whole number from 1 to 64",
    "How many films are upscaled at the same time. Films that somebody watches come first, then next episodes, then everything else.",
  ),
  REMAKE: setting(
    z.enum(["on", "off"]).default("on"),
    "on or off",
    "If a faster model had to step in during playback, redo those parts at full quality afterwards. With `MODEL=auto`, full quality is the best model that needs at most eight hours for a film of two hours.",
  ),
  ON_STOP: setting(
    z.enum(["finish", "pause", "cancel"]).default("finish"),
    "one of finish, pause, cancel",
    "What happens when the last viewer stops: the film is finished in the background, paused, or cancelled.",
  ),
  THREADS: setting(
    whole(0, 256).default(0),
    "a whole number from 0 to 256",
    "Threads for one upscale; 0 means one more than there are cores.",
  ),
  HLS_SEGMENT_TIME: setting(
    numberOrText(z.number().min(0.5).max(30)).default(2),
    "a number from 0.5 to 30 (seconds)",
    "Length of one piece (segment) of the stream that players load, rounded to whole frames.",
  ),
  HLS_LIST_SIZE: setting(
    whole(3, 1000).default(10),
    "a whole number from 3 to 1000",
    "How many segments the live playlist lists.",
  ),
  MODELS_DIR: setting(
    z.string().min(1).optional(),
    "a folder",
    "Folder for your own models: put `name.onnx` here and it becomes the model `name`. By default `models` in `DATA_DIR`.",
  ),
};
