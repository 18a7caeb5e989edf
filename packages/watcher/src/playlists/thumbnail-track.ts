/** How small pictures of a film lie on sheets. */
export interface ThumbnailGrid {
  readonly stepSeconds: number;
  readonly columns: number;
  readonly rows: number;
  /** Pixels of one picture. */
  readonly width: number;
  readonly height: number;
}

/** Name of sheet `n` in URLs and on disk. */
export const sheetName = (n: number): string => `${String(n).padStart(4, "0")}.jpg`;

/** How many sheets a film has. */
export const sheetCount = (grid: ThumbnailGrid, durationSeconds: number): number =>
  Math.ceil(durationSeconds / (grid.stepSeconds * grid.columns * grid.rows));

/** WebVTT that tells for each stretch of the film where its picture is: a sheet and a place on it. */
export function thumbnailTrack(grid: ThumbnailGrid, durationSeconds: number): string {
  const { stepSeconds, columns, rows, width, height } = grid;
  const count = Math.ceil(durationSeconds / stepSeconds);
  const cues = Array.from({ length: count }, (_, i) => {
    const place = i % (columns * rows);
    const x = (place % columns) * width;
    const y = Math.floor(place / columns) * height;
    const start = i * stepSeconds;
    const end = Math.min(start + stepSeconds, durationSeconds);
    const sheet = sheetName(Math.floor(i / (columns * rows)));
    return `${clock(start)} --> ${clock(end)}\nthumbs/${sheet}#xywh=${x},${y},${width},${height}`;
  });
  return `${["WEBVTT", ...cues].join("\n\n")}\n`;
}

/** `01:02:03.004` */
const clock = (seconds: number): string =>
  new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23);
