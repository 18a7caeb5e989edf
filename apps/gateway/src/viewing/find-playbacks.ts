import type { Entry, Playback } from "./playback.ts";

/** Of `viewer`, and of one item or of any. */
export const isOf = ({ playback }: Entry, viewer: string, itemId: string | undefined): boolean =>
  playback.viewer === viewer && (itemId === undefined || playback.itemId === itemId);

/** Answers about playbacks, the oldest of which is the first of `entries`. */
export const findPlaybacks = (entries: ReadonlyMap<string, Entry>) => ({
  find: (playSessionId: string | undefined): Entry | undefined =>
    playSessionId === undefined ? undefined : entries.get(playSessionId),
  /** The film of a stream that somebody plays, or played lately. */
  filmOf: (streamId: string): Playback["film"] =>
    [...entries.values()].findLast(({ playback }) => playback.streamId === streamId)?.playback.film,
  /** What `viewer` asked for last, of one item or of any. */
  latest: (viewer: string, itemId?: string): Entry | undefined =>
    [...entries.values()].findLast((entry) => isOf(entry, viewer, itemId)),
  /** What `viewer` saw last of the original of an item. */
  latestOriginal: (viewer: string, itemId: string): Entry | undefined =>
    [...entries.values()].findLast(
      (entry) => entry.playback.shows === "original" && isOf(entry, viewer, itemId),
    ),
  /** Those that play now. */
  open: (): readonly Entry[] => [...entries.values()].filter(({ isOver }) => !isOver),
});
