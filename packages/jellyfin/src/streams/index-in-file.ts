/** A stream of an item, as Jellyfin lists it. */
interface ListedStream {
  readonly Type: string;
  readonly Index?: number | null | undefined;
  readonly IsExternal?: boolean | null | undefined;
}

/**
 * The index in the film's own file of the stream that Jellyfin numbers `index`; undefined for one that
 * is in a file beside it, and for none. Jellyfin numbers all streams of an item through, those of files
 * beside the film first, so a sidecar subtitle moves every number by one. What it maps for ffmpeg is
 * the stream's place among those of the same file (`EncodingHelper.FindIndex`), and so does this.
 */
export function indexInFile(
  streams: readonly ListedStream[],
  index: number | null | undefined,
): number | undefined {
  const place = streamsOfFile(streams).findIndex(({ Index }) => Index === index);
  return place === -1 ? undefined : place;
}

/**
 * The sound that a client has chosen of an item. `own`: none, so it is the film's own, which Jellyfin's
 * list does not tell: it has no mark of a commentary. `beside`: that of a file beside the film.
 */
export type ChosenSound = "own" | "beside" | { readonly fileIndex: number };

/** The sound that Jellyfin numbers `index`; null, undefined and -1 are no choice. */
export function chosenSound(
  streams: readonly ListedStream[],
  index: number | null | undefined,
): ChosenSound {
  if (index === null || index === undefined || index < 0) return "own";
  const fileIndex = indexInFile(streams, index);
  return fileIndex === undefined ? "beside" : { fileIndex };
}

const streamsOfFile = (streams: readonly ListedStream[]): readonly ListedStream[] =>
  streams
    .filter(({ IsExternal, Index }) => IsExternal !== true && typeof Index === "number")
    .toSorted((a, b) => (a.Index ?? 0) - (b.Index ?? 0));
