import { rename, rm, symlink } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { toUpreelError, type StreamRecord, type Log } from "@upreel/core";
import { replaceFile } from "@upreel/files";
import type { StreamPaths } from "../records/stream-paths.ts";
import { vodPlaylist } from "../playlists/vod-playlist.ts";

/**
 * Puts the playlist of a finished film and a link to its archive into the stream's folder, so that
 * nginx plays it while the gateway is away. The link is relative: nginx may see the data folder under
 * another path. Without them the gateway answers, so a failure is only logged.
 */
export async function linkArchive(
  paths: StreamPaths,
  { archive, timeline, archiveOffsets }: StreamRecord,
  log: Log,
): Promise<void> {
  if (archive === undefined || timeline === undefined) return;
  const temporary = `${paths.archiveLink}.tmp`;
  try {
    await rm(temporary, { force: true });
    await symlink(relative(dirname(paths.archiveLink), archive), temporary);
    await rename(temporary, paths.archiveLink);
    await replaceFile(paths.whole, vodPlaylist(timeline, archiveOffsets), { isDurable: false });
  } catch (error) {
    const { message } = toUpreelError(error);
    log.warn("cannot link a finished film; only the gateway serves it", { archive, message });
  }
}

/** The playlist first: it lists ranges of the other. */
export async function unlinkArchive(paths: StreamPaths): Promise<void> {
  await rm(paths.whole, { force: true });
  await rm(paths.archiveLink, { force: true });
}
