/** A stream of an item, as Jellyfin lists it. */
interface ListedStream {
  readonly Type: string;
  readonly Index?: number | null | undefined;
  readonly IsExternal?: boolean | null | undefined;
  readonly IsDefault?: boolean | null | undefined;
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

/** Jellyfin's index of the sound that a stream of Upreel's has when nobody asks for another. */
export function indexOfOwnSound(streams: readonly ListedStream[]): number | undefined {
  const sounds = streamsOfFile(streams).filter(({ Type }) => Type === "Audio");
  return (sounds.find(({ IsDefault }) => IsDefault === true) ?? sounds[0])?.Index ?? undefined;
}

const streamsOfFile = (streams: readonly ListedStream[]): readonly ListedStream[] =>
  streams
    .filter(({ IsExternal, Index }) => IsExternal !== true && typeof Index === "number")
    .toSorted((a, b) => (a.Index ?? 0) - (b.Index ?? 0));
