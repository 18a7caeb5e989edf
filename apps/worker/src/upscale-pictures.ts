import { constants, setPriority } from "node:os";
import { servePictures } from "@upreel/pipeline";

/**
 * `upscale-pictures.ts <threads>` makes pictures and frames for whoever started it, who speaks by messages
 * (PictureCommand, PictureEvent). It keeps the networks of the last orders loaded and ends with its parent.
 */
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
process.on("disconnect", () => process.exit());
const pictures = servePictures({
  threads: Number(process.argv[2] ?? 1),
  tell: (event) => void process.send?.(event),
});
process.on("message", (message) => pictures.take(message));
