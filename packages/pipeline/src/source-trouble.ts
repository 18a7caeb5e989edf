import { toUpreelError, type ResolvedRun, type UpreelError } from "@upreel/core";
import { askFileAgain, sourceUnavailable, unreadableLine, type FfmpegExit } from "@upreel/media";

/**
 * Why the pictures of a run ended before `frame`, if that is no end of the film: the disk cannot be read
 * now, or it holds another file. ffmpeg calls all of that the end.
 */
export async function sourceTrouble(
  { source, timeline }: ResolvedRun,
  { exitCode, stderrTail }: FfmpegExit,
  frame: number,
): Promise<UpreelError | undefined> {
  const line = unreadableLine(stderrTail, source.path);
  if (line !== undefined) return sourceUnavailable(source.path, line);
  // Whatever else makes ffmpeg fail is told by its words.
  if (exitCode !== 0) return undefined;
  try {
    await askFileAgain(source, frame / timeline.frameCount);
  } catch (thrown) {
    return toUpreelError(thrown);
  }
  // All of a timeline that grows was read before: what is missing now is no end.
  return timeline.growth === "going"
    ? sourceUnavailable(source.path, `no picture after ${frame} of those that were there before`)
    : undefined;
}
