/** What a film file holds, counted by reading all of it (ffprobe, in another package). */
export interface PictureCount {
  readonly frames: number;
  readonly durationSeconds: number;
  readonly startSeconds: number;
}
export type CountPictures = (file: string, signal: AbortSignal) => Promise<PictureCount>;

/** Bytes that can still be written below `folder`. */
export type FreeBytes = (folder: string) => Promise<number>;
