import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { UpreelError } from "@upreel/core";
import { toDiskError, freeBytes, makeFolder, renameNew, syncPath } from "@upreel/files";
import { MIN_FREE_BYTES } from "./publish-segment.ts";
import { PACKET_BYTES } from "../transport-stream/transport-stream.ts";

/**
 * Gives a file that ffmpeg has finished in a run folder its public name below the stream's
 * renditions. One that is there already stays. Throws `disk_full`, `disk_read_only`, or
 * `encoder_failed` for a file that is empty or ends inside a packet.
 */
export async function publishRendition(from: string, to: string): Promise<void> {
  const folder = dirname(to);
  await makeFolder(folder).catch((error: unknown) => {
    throw toDiskError(error, folder);
  });
  // First: ffmpeg leaves short files and says nothing when there is no room.
  const free = await freeBytes(folder);
  if (free < MIN_FREE_BYTES) {
    throw new UpreelError("disk_full", "the disk of the data folder is nearly full", {
      expected: `${MIN_FREE_BYTES} bytes free`,
      got: `${free} bytes free`,
    });
  }
  const { size } = await stat(from);
  if (size === 0 || (to.endsWith(".ts") && size % PACKET_BYTES !== 0)) {
    throw new UpreelError("encoder_failed", "ffmpeg wrote a broken file", {
      expected: "whole packets",
      got: `${size} bytes`,
    });
  }
  await syncPath(from);
  await renameNew(from, to);
}
