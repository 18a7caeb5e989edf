/** Reads bytes of one film; fewer than `length` only at its end. */
export type ReadBytes = (place: {
  readonly start: number;
  readonly length: number;
}) => Promise<Uint8Array>;

/** The key frames that a container lists, in the order of the film. */
export interface KeyFrameIndex {
  /** When each is shown, in microseconds of the container's clock. */
  readonly micros: readonly number[];
  /** From each up to the next, in bytes of the file; that of the last one is not known. */
  readonly bytes: readonly number[];
}

/** More places to enter a film has no list that is of use: one a second of the longest film. */
export const MOST_PLACES = 50_000;
/** Whoever answers players reads these lists, too: between so many steps others have their turn. */
export const STEPS_AT_ONCE = 50_000;

/** An index of the longest film that is sold has a few megabytes. */
const MOST_INDEX_BYTES = 32 * 1024 * 1024;
/** What is asked of the disk at once. */
const PIECE_BYTES = 1024 * 1024;

/** All of a place; undefined where the file ends before, or where that is more than any index has. */
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
