import { isSameStretch, type Source } from "@upreel/core";

type Chapter = Source["chapters"][number];

/** A part of a film that has a name, in seconds of the film. */
export interface NamedPart {
  readonly title: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** What is left of a chapter beside a part is no chapter when it is shorter. */
const SHORTEST_SECONDS = 0.5;

/** Titles that Jellyfin's chapter plugin and people take for an intro or credits already. */
const NAMED = /\b(intro|opening|titles?|op|credits|outro|ending|ed|end)\b/i;

/**
 * The chapters of a film with named parts among them: Jellyfin's chapter plugin takes a segment from a chapter's
 * beginning to that of the next one. A chapter of the film's own that is the same part keeps its place, and its title
 * where that says what it is.
 */
export function nameParts(
  chapters: Source["chapters"],
  parts: readonly NamedPart[],
  filmSeconds: number,
): Source["chapters"] {
  const within = parts
    .map((part) => ({ ...part, endSeconds: Math.min(part.endSeconds, filmSeconds) }))
    .filter((part) => part.endSeconds - part.startSeconds >= SHORTEST_SECONDS);
  if (within.length === 0) return chapters;
  const own = chapters.map((chapter): Chapter => {
    const part = within.find((each) => isSamePart(chapter, each));
    const isNamed = part === undefined || NAMED.test(chapter.title ?? "");
    return isNamed ? chapter : { ...chapter, title: part.title };
  });
  const missing = within.filter((part) => !own.some((chapter) => isSamePart(chapter, part)));
  const whole: readonly Chapter[] =
    own.length > 0 ? own : [{ startSeconds: 0, endSeconds: filmSeconds }];
  return [...whole.flatMap((chapter) => without(chapter, missing)), ...missing].toSorted(
    (a, b) => a.startSeconds - b.startSeconds,
  );
}

/** A chapter that goes far beyond a part is another thing, whatever it has in common with it. */
const isSamePart = (chapter: Chapter, part: NamedPart): boolean =>
  isSameStretch([chapter.startSeconds, chapter.endSeconds], [part.startSeconds, part.endSeconds]) &&
  chapter.endSeconds - chapter.startSeconds < 2 * (part.endSeconds - part.startSeconds);

/** What is left of a chapter beside all parts, in order. */
function without(chapter: Chapter, parts: readonly NamedPart[]): Chapter[] {
  let left = [chapter];
  for (const { startSeconds: from, endSeconds: to } of parts)
    left = left.flatMap((piece) =>
      piece.endSeconds <= from || piece.startSeconds >= to
        ? [piece]
        : [
            { ...piece, endSeconds: from },
            { ...piece, startSeconds: to },
          ].filter(({ startSeconds, endSeconds }) => endSeconds - startSeconds >= SHORTEST_SECONDS),
    );
  return left;
}
