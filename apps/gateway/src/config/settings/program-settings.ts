import { z } from "zod";
import { setting } from "./setting.ts";

const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;

/** The programs and plugins that are run, and what is logged. */
export const programSettings = {
  FFMPEG: setting(
    z.string().min(1).default("ffmpeg"),
    "the name or path of a program",
    "The ffmpeg to use: a name on the PATH or an absolute path.",
  ),
  FFPROBE: setting(
    z.string().min(1).default("ffprobe"),
    "the name or path of a program",
    "The ffprobe to use: a name on the PATH or an absolute path.",
  ),
  SCANS: setting(
    z.enum(["on", "off"]).default("on"),
    "on or off",
    "Lets plugins look at each film that is watched or upscaled, while the computer has nothing else to do: the built-in one finds intros and credits, which players offer to skip. See [plugins.md](plugins.md).",
  ),
  LOG_LEVEL: setting(
    z.enum(LOG_LEVELS).default("info"),
    `one of ${LOG_LEVELS.join(", ")}`,
    "How much to log; `debug` also shows where an error came from.",
  ),
};
