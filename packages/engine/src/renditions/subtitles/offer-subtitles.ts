import {
  filmParts,
  tell,
  UpreelError,
  type DrawnFormat,
  type Timeline,
  type Told,
} from "@upreel/core";
import { drawnFormat, whyNoText } from "@upreel/media";
import type { FilmSubtitle } from "./subtitles-beside.ts";
import { languageTag, trackNames } from "../track-label.ts";

/** One subtitle track of the film. */
export interface OfferedSubtitle {
  readonly index: number;
  readonly codec: string;
  readonly name: string;
  readonly language: string | undefined;
  readonly isDefault: boolean;
  readonly isForced: boolean;
  /** In a file beside the film. */
  readonly beside: FilmSubtitle["beside"];
  /** Why it is not offered as text; undefined: it is. */
  readonly whyNot: Told | undefined;
}

/** All subtitle tracks of a film, those that cannot be offered with the reason. */
export function offerSubtitles(tracks: readonly FilmSubtitle[]): OfferedSubtitle[] {
  const names = trackNames(tracks);
  return tracks.map(({ index, codec, language, isDefault, isForced, beside }) => ({
    beside,
    index,
    codec,
    name: names.get(index) ?? "",
    language: languageTag(language),
    isDefault,
    isForced,
    whyNot: whyNoText(codec),
  }));
}

/** Throws `not_found` unless the stream `index` of the film is a subtitle that can be text. */
export function requireText(tracks: readonly FilmSubtitle[], index: number): FilmSubtitle {
  const track = tracks.find((candidate) => candidate.index === index);
  const whyNot = track && whyNoText(track.codec);
  if (track !== undefined && whyNot === undefined) return track;
  throw new UpreelError("not_found", `stream ${index} of the film is not offered as subtitles`, {
    expected: "a text subtitle of /tracks",
    got: whyNot === undefined ? "no subtitle track" : tell(whyNot),
  });
}

/**
 * In which format of its own a subtitle is offered. None of those in a film whose clock begins anew in places: the
 * times in such a track are those of all its parts.
 */
export const offerDrawn = (
  { codec, beside }: Pick<FilmSubtitle, "codec" | "beside">,
  timeline: Timeline,
): DrawnFormat | undefined =>
  beside !== undefined || filmParts(timeline).length === 1 ? drawnFormat(codec) : undefined;

/** The format of the subtitle `index`. Throws `not_found` unless it is offered in one of its own. */
export function requireDrawn(
  tracks: readonly FilmSubtitle[],
  timeline: Timeline,
  index: number,
): { readonly track: FilmSubtitle; readonly format: DrawnFormat } {
  const track = tracks.find((candidate) => candidate.index === index);
  const format = track && offerDrawn(track, timeline);
  if (track !== undefined && format !== undefined) return { track, format };
  throw new UpreelError("not_found", `stream ${index} of the film is not offered as it was drawn`, {
    expected: "a subtitle with `drawn` in /tracks",
    got: track?.codec ?? "no subtitle track",
  });
}
