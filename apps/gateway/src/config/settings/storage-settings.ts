import { z } from "zod";
import { parseSize, parseWatermark } from "../disk-space.ts";
import { numberOrText, setting, whole } from "./setting.ts";

const watermark = z.string().refine((text) => parseWatermark(text) !== undefined);
const isSize = (text: string): boolean => (parseSize(text) ?? 0) > 0;

/** What may be kept, and where exports go. */
export const storageSettings = {
  DISK_HIGH: setting(
    watermark.default("2GB"),
    "a share used, for example 95%, or a space left free, for example 2GB",
    "When the disk of `DATA_DIR` is fuller than this, only films that somebody watches are upscaled, and unfinished work that was not used for `RETENTION_HOURS` is deleted, the oldest first. A size counts as a tenth of the disk at most.",
  ),
  DISK_LOW: setting(
    watermark.default("5GB"),
    "a share used, for example 90%, or a space left free, for example 5GB",
    "When there is this much free space again, everything continues. A size counts as a fifth of the disk at most.",
  ),
  RETENTION_HOURS: setting(
    numberOrText(z.number().min(0)).default(24),
    "a number of hours, 0 or more",
    "Films that were started or played within this time are never deleted to make room.",
  ),
  ARCHIVE_QUOTA: setting(
    z.string().refine(isSize).optional(),
    "a size, for example 500GB",
    "When all upscaled films together take more space than this, the one that was not used for the longest time is deleted. Protected films are kept. Without it, all are kept.",
  ),
  EXPORT: setting(
    z.enum(["off", "mkv", "mp4"]).default("off"),
    "off, mkv or mp4",
    "Also writes each upscaled film to one file with all audio tracks, subtitles and chapters of the original (and of files next to it), without encoding again.",
  ),
  EXPORT_DIR: setting(
    z.string().min(1).optional(),
    "a folder, or source",
    "Where those files go; `source`: next to the original, named as another version of it (`Film (2020) - Upscaled 1440p.mkv`). By default `exported` in `DATA_DIR`.",
  ),
  MODELS_QUOTA: setting(
    whole(1, 1_000_000).default(4096),
    "a whole number from 1 to 1000000 (MiB)",
    "How much space the models folder may take: your own models, downloads, and files made from them.",
  ),
};
