import { toNumber, type FileIdentity, type FilmTiming, type Source } from "@upreel/core";
import type { TimedSource } from "./content-samples.ts";

/** A film without its sound. */
export const picturesOf = (
  file: FileIdentity,
  about: Pick<Source, "format" | "video"> & { readonly timing: FilmTiming },
): TimedSource => {
  const { format, video, timing } = about;
  const durationSeconds = timing.frameCount / toNumber(timing.rate);
  const none = { audio: [], subtitles: [], chapters: [] };
  return { ...timing, source: { ...file, ...none, format, durationSeconds, video } };
};
