/** What raw frames look like: what a face stage has to know to read colours from them and to put them back. */
export interface FrameForm {
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: "yuv420p" | "yuv444p" | "gbrp";
  /** As ffmpeg names it. */
  readonly matrix: string;
  readonly range: "tv" | "pc";
  /** Where the samples of 4:2:0 lie, as ffmpeg names it; undefined: as H.264 has it, left. */
  readonly chromaLocation?: string | undefined;
}

/** One plane of a frame. */
export interface PlaneForm {
  readonly offset: number;
  readonly width: number;
  readonly height: number;
  /** Its sample (i, j) lies at (i·step + left, j·step + top) among the pixels of the frame. */
  readonly step: number;
  readonly left: number;
  readonly top: number;
}

/** The three planes, in the order in which they lie. */
export function planesOf(form: FrameForm): readonly [PlaneForm, PlaneForm, PlaneForm] {
  const { width, height, pixelFormat } = form;
  const full = { width, height, step: 1, left: 0, top: 0 };
  if (pixelFormat !== "yuv420p") {
    const bytes = width * height;
    return [
      { ...full, offset: 0 },
      { ...full, offset: bytes },
      { ...full, offset: 2 * bytes },
    ];
  }
  const half = {
    ...{ width: Math.ceil(width / 2), height: Math.ceil(height / 2), step: 2 },
    ...placeOfChroma(form.chromaLocation),
  };
  const bytes = half.width * half.height;
  return [
    { ...full, offset: 0 },
    { ...half, offset: width * height },
    { ...half, offset: width * height + bytes },
  ];
}

export function frameBytes(form: FrameForm): number {
  const { offset, width, height } = planesOf(form)[2];
  return offset + width * height;
}

const placeOfChroma = (location = "left"): Pick<PlaneForm, "left" | "top"> => ({
  left: location === "center" || location === "top" || location === "bottom" ? 0.5 : 0,
  top: location.startsWith("top") ? 0 : location.startsWith("bottom") ? 1 : 0.5,
});
