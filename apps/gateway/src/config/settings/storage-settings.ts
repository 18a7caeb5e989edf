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
    "When the disk of `DATA_DIR` is fuller than this, only what somebody watches is made, and unfinished work that nobody has wanted for `RETENTION_HOURS` is deleted, the oldest first. A size counts at most as a tenth of the disk.",
  ),
  DISK_LOW: setting(
    watermark.default("5GB"),
    "a share used, for example 90%, or a space left free, for example 5GB",
    "When there is so much room again, everything goes on by itself. A size counts at most as a fifth of the disk.",
  ),
  RETENTION_HOURS: setting(
    numberOrText(z.number().min(0)).default(24),
    "a number of hours, 0 or more",
    "What was triggered or played within this time is never deleted to make room.",
  ),
  ARCHIVE_QUOTA: setting(
    z.string().refine(isSize).optional(),
    "a size, for example 500GB",
    "When finished films take more than this together, the one is deleted that nobody has wanted for the longest time. Pinned ones stay. Without it, all stay.",
  ),
  EXPORT: setting(
    z.enum(["off", "mkv", "mp4"]).default("off"),
    "off, mkv or mp4",
    "Also writes each finished film into one file with all sound, subtitles and chapters of its source, and of the files beside it, without encoding again.",
  ),
  EXPORT_DIR: setting(
    z.string().min(1).optional(),
    "a folder, or source",
    "Where exports go; `source`: beside the source, named as another version of it (`Film (2020) - Upscaled 1440p.mkv`). Without it, `exported` in `DATA_DIR`.",
  ),
  MODELS_QUOTA: setting(
    whole(1, 1_000_000).default(4096),
    "a whole number from 1 to 1000000 (MiB)",
    "What the folder of models may take: your files, downloads and the networks made of them.",
  ),
};
