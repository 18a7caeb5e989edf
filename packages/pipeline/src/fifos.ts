import { constants, open, type FileHandle } from "node:fs/promises";
import type { FfmpegProcess } from "@upreel/media";

/**
 * Opens our end of a FIFO whose other end an ffmpeg opens. open(2) of a FIFO blocks until both ends
 * are there, so when that ffmpeg dies first the other end is opened for a moment in its place.
 */
export async function openFifo(
  path: string,
  end: "read" | "write",
  peer: FfmpegProcess,
): Promise<FileHandle> {
  let isOpen = false;
  const opening = open(path, end === "read" ? constants.O_RDONLY : constants.O_WRONLY);
  const unblocking = peer.exited.then(async () => {
    if (isOpen) return;
    const both = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
    await opening.catch(() => {});
    await both.close();
  });
  try {
    const handle = await opening;
    isOpen = true;
    return handle;
  } finally {
    unblocking.catch(() => {});
  }
}
