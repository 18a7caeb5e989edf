/** How far from the original a film may look, as people call it; `set` is as the settings say. */
export type Style = "faithful" | "set" | "sharp";

/** The style of a sharpness from 0 (faithful) to 1; null: none was asked for. */
export const styleOf = (sharpness: number | null): Style =>
  sharpness === null ? "set" : sharpness < 0.35 ? "faithful" : "sharp";
