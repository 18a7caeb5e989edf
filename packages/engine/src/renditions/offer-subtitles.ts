import {
  filmParts,
  tell,
  UpreelError,
  type DrawnFormat,
  type Source,
  type Timeline,
  type Told,
} from "@upreel/core";
import { drawnFormat, whyNoText } from "@upreel/media";
import { languageTag, trackNames } from "./track-label.ts";

/** One subtitle track of the film. */
export interface OfferedSubtitle {
  readonly index: number;
  readonly codec: string;
  readonly name: string;
  readonly language: string | undefined;
  readonly isDefault: boolean;
  readonly isForced: boolean;
  /** Why it is not offered as text; undefined: it is. */
  readonly whyNot: Told | undefined;
}

/** All subtitle tracks of a film, those that cannot be offered with the reason. */
export function offerSubtitles(source: Source): OfferedSubtitle[] {
  const names = trackNames(source.subtitles);
  return source.subtitles.map(({ index, codec, language, isDefault, isForced }) => ({
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
export function requireText(source: Source, index: number): void {
  const track = offerSubtitles(source).find((candidate) => candidate.index === index);
  if (track !== undefined && track.whyNot === undefined) return;
  throw new UpreelError("not_found", `stream ${index} of the film is not offered as subtitles`, {
    expected: "a text subtitle of /tracks",
    got: track?.whyNot === undefined ? "no subtitle track" : tell(track.whyNot),
  });
}

/**
 * In which format of its own the subtitle `codec` is offered. Not of a film whose clock begins anew in places: the
 * times in such a track are those of all its parts.
 */
export const offerDrawn = (codec: string, timeline: Timeline): DrawnFormat | undefined =>
  filmParts(timeline).length === 1 ? drawnFormat(codec) : undefined;

/** The format of the subtitle `index`. Throws `not_found` unless it is offered in one of its own. */
export function requireDrawn(source: Source, timeline: Timeline, index: number): DrawnFormat {
  const track = source.subtitles.find((candidate) => candidate.index === index);
  const format = track === undefined ? undefined : offerDrawn(track.codec, timeline);
  if (format !== undefined) return format;
  throw new UpreelError("not_found", `stream ${index} of the film is not offered as it was drawn`, {
    expected: "a subtitle with `drawn` in /tracks",
    got: track?.codec ?? "no subtitle track",
  });
}
