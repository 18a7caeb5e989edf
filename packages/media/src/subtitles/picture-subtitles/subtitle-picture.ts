/** A subtitle that is a picture, on a canvas that lies over the film's pictures. */
export interface SubtitlePicture {
  /** Seconds of the film. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Of its upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** One of `colours` for each pixel, line by line. */
  readonly pixels: Uint8Array;
  readonly colours: readonly SubtitleColour[];
}

export interface SubtitleColour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  /** 0: nothing is seen of it; 255: nothing is seen through it. */
  readonly alpha: number;
}

/** What places are counted on. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
}
