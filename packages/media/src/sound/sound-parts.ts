import { filmParts, type FilmPart, type Timeline } from "@upreel/core";

/** Samples [from, to) of the timeline that lie in one part of the film. */
export interface SoundPart extends FilmPart {
  readonly from: number;
  readonly to: number;
}

/**
 * What of each part is needed for samples [from, to). Before the film its first part goes on, and
 * behind it the last one.
 */
export function soundParts(
  timeline: Timeline,
  sampleRate: number,
  { from, to }: { readonly from: number; readonly to: number },
): SoundPart[] {
  const parts = filmParts(timeline).map((part, i, all) => ({
    ...part,
    from: i === 0 ? from : Math.max(from, Math.round(part.startSeconds * sampleRate)),
    to: i === all.length - 1 ? to : Math.min(to, Math.round(part.endSeconds * sampleRate)),
  }));
  return parts.filter((part) => part.from < part.to);
}
