import { CONTENTS, PROVIDERS, VIDEO_ENCODERS } from "@upreel/core";
import { z } from "zod";
import { numberOrText, setting, whole } from "./setting.ts";

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
    "a model id (see `upreel models`) or `auto`",
    "Model that upscales. `auto` takes the best one that keeps up on this machine.",
  ),
  SHARPNESS: setting(
    numberOrText(z.number().min(0).max(1)).default(0.5),
    "a number from 0 (faithful) to 1 (crisp)",
    "How crisp `MODEL=auto` makes films: 0 takes the networks that stay closest to the source, more takes networks that sharpen edges and undo blur; the nearest of 0, 0.35, 0.5 and 0.7 is used.",
  ),
  CONTENT: setting(
    z.enum(["auto", ...CONTENTS]).default("auto"),
    "auto, film or animation",
    "What films are, for `MODEL=auto`. `auto` looks at some pictures where a model for one kind is set or installed; a trigger may say it (`content`).",
  ),
  MODEL_FOR_ANIMATION: setting(
    z.string().min(1).optional(),
    "a model id",
    "What `MODEL=auto` begins with for animation. Without, an installed public model for it that is fast enough.",
  ),
  MODEL_FOR_FILM: setting(z.string().min(1).optional(), "a model id", "The same for live action."),
  PROVIDERS: setting(
    providerList.default("auto"),
    `auto, or some of ${PROVIDERS.join(", ")} separated by commas (in the file: an array)`,
    "What networks run on. `auto` measures all that work here and takes the fastest. A list gives the order instead: the first one that passes the proof run is used. Without `cpu` in it, films are scaled plainly where none works.",
  ),
  TILE_MEMORY: setting(
    whole(64, 65_536).default(1024),
    "a whole number from 64 to 65536 (MiB)",
    "Working memory of one inference thread: pictures that need more go through the network in tiles.",
  ),
  KEEP_UP: setting(
    z.enum(["on", "off"]).default("on"),
    "on or off",
    "Whether a stream that someone watches goes on with a faster model, last with plain scaling, when the chosen one falls behind the playing.",
  ),
  SCALE: setting(
    whole(1, 8).default(2),
    "a whole number from 1 to 8",
    "Wanted magnification; fitted to `MAX_OUTPUT_HEIGHT`.",
  ),
  QUALITY: setting(
    whole(0, 51).default(20),
    "a whole number from 0 (best) to 51",
    "Encoder quality: CRF of x264 and x265, CQ of NVENC, and the like.",
  ),
  VIDEO_ENCODER: setting(
    z.enum(["auto", ...VIDEO_ENCODERS]).default("auto"),
    `one of auto, ${VIDEO_ENCODERS.join(", ")}`,
    "Video encoder. `auto` takes a hardware H.264 encoder that works here, else libx264. The HEVC ones do not play on Apple devices nor in Chrome.",
  ),
  MAX_OUTPUT_HEIGHT: setting(
    whole(144, 8640).default(2160),
    "a whole number from 144 to 8640 (pixels)",
    "Short side of the largest picture made; a source that already has it is refused.",
  ),
  MAX_QUEUED: setting(
    whole(1, 10_000).default(1000),
    "a whole number from 1 to 10000",
    "Films that may be made or wait for it; a trigger of one more is answered with 503 (`queue_full`).",
  ),
  PLANS_AT_A_TIME: setting(
    whole(1, 64).default(2),
    "a whole number from 1 to 64",
    "Films that are read at a time, before they are made; each takes two or three processes.",
  ),
  MAX_STREAMS: setting(
    whole(1, 64).default(2),
    "a whole number from 1 to 64",
    "Runs that work at the same time, of all films together. They go to viewers by what each has ready, then to next episodes, then to the background; as many may be parked in memory.",
  ),
  REMAKE: setting(
    z.enum(["on", "off"]).default("on"),
    "on or off",
    "Whether segments that a faster model made to keep up are made again by the wanted one before the film is finished, while nobody watches near there. With `MODEL=auto` the wanted one is the best that makes a film of two hours in eight.",
  ),
  ON_STOP: setting(
    z.enum(["finish", "pause", "cancel"]).default("finish"),
    "one of finish, pause, cancel",
    "What becomes of a film when its last viewer stops: it is finished in the background, or paused, or cancelled.",
  ),
  THREADS: setting(
    whole(0, 256).default(0),
    "a whole number from 0 to 256",
    "Inference threads of one upscale; 0 means one for each core and one more.",
  ),
  HLS_SEGMENT_TIME: setting(
    numberOrText(z.number().min(0.5).max(30)).default(2),
    "a number from 0.5 to 30 (seconds)",
    "Length of a segment, rounded to whole frames.",
  ),
  HLS_LIST_SIZE: setting(
    whole(3, 1000).default(10),
    "a whole number from 3 to 1000",
    "Segments in the live playlist.",
  ),
  MODELS_DIR: setting(
    z.string().min(1).optional(),
    "a folder",
    "Where your own models are: put `name.onnx` here and it is the model `name`. Without it, `models` in `DATA_DIR`.",
  ),
};
