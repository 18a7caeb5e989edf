/** The programs that read films. */
export interface FilmTools {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}
