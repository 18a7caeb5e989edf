/** How pictures follow each other. */
export type Pace =
  | { readonly kind: "constant"; readonly rate: string }
  /** Now and then one is left out. */
  | { readonly kind: "gaps"; readonly rate: string; readonly every: number }
  /** The first `count` at `first` pictures a second, the others at `next`. */
  | {
      readonly kind: "change";
      readonly first: number;
      readonly next: number;
      readonly count: number;
    }
  /** Film in video: two and three fields in turn. */
  | { readonly kind: "telecine" };

/** A recording; films of several are joined byte by byte. */
export interface PieceSpec {
  readonly seconds: number;
  /** What its clock shows at its beginning. */
  readonly clockSeconds: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

interface SoundSpec {
  readonly codec: string;
  readonly sampleRate: number;
  /** Begins so much later than the pictures. */
  readonly lateSeconds: number;
  /** Ends so much after the pictures; below 0: before them. */
  readonly longerSeconds: number;
  /** Packets are missing here, seconds of the film. */
  readonly hole: readonly [number, number] | undefined;
}

/** A small film of odd habits; `makeFilm` makes it. */
export interface FilmSpec {
  readonly container: "mp4" | "mkv" | "mov" | "ts" | "vob" | "avi";
  readonly codec: "libx264" | "mpeg2video" | "mpeg4";
  readonly pace: Pace;
  readonly pieces: readonly PieceSpec[];
  readonly sound: SoundSpec | undefined;
  /** No picture is shown anew here, seconds of the film. */
  readonly hole: readonly [number, number] | undefined;
  readonly keyFrameEvery: number;
  readonly bFrames: number;
  readonly range: "tv" | "pc";
  readonly matrix: "bt709" | "smpte170m" | "bt470bg";
  /** Other tracks of the file, before or after those of the film. */
  readonly extras: readonly ("cover" | "subtitles" | "second sound")[];
}
