/** Reads bytes of one film; fewer than `length` only at its end. */
export type ReadBytes = (place: {
  readonly start: number;
  readonly length: number;
}) => Promise<Uint8Array>;

/** The key frames that a container lists, in the order of the film. */
export interface KeyFrameIndex {
  /** When each is shown, in microseconds of the container's clock. */
  readonly micros: readonly number[];
  /** The bytes from each key frame up to the next; for the last one they are not known. */
  readonly bytes: readonly number[];
}

/** No list that is of use has more places to enter a film: one for each second of the longest film. */
export const MOST_PLACES = 50_000;
/** The process that answers players reads these lists; after so many steps it lets other work have its turn. */
export const STEPS_AT_ONCE = 50_000;

/** An index of the longest film that is sold has a few megabytes. */
const MOST_INDEX_BYTES = 32 * 1024 * 1024;
/** How much is read from the disk at once. */
const PIECE_BYTES = 1024 * 1024;

/** All bytes of a range; undefined if the file ends before, or if the range is longer than any index. */
export async function readAll(
  read: ReadBytes,
  { start, length }: { readonly start: number; readonly length: number },
): Promise<Uint8Array | undefined> {
  if (!(length > 0 && length <= MOST_INDEX_BYTES && Number.isSafeInteger(start + length)))
    return undefined;
  const all = new Uint8Array(length);
  for (let at = 0; at < length; at += PIECE_BYTES) {
    const wanted = Math.min(PIECE_BYTES, length - at);
    const piece = await read({ start: start + at, length: wanted });
    if (piece.length < wanted) return undefined;
    all.set(piece, at);
  }
  return all;
}
