import type { FileIdentity } from "@upreel/core";
import type { NamedPart } from "@upreel/media";
import type { FilmChapter, Scans } from "@upreel/scan";
import { within } from "../waiting/within.ts";

const TITLES = { intro: "Intro", credits: "Credits" } satisfies Record<FilmChapter["role"], string>;

/** What plugins found, by the names that Jellyfin's chapter plugin knows. */
export const namedParts = (chapters: readonly FilmChapter[]): readonly NamedPart[] =>
  chapters.map(({ role, ...stretch }) => ({
    ...{ title: TITLES[role], startSeconds: stretch.startSeconds, endSeconds: stretch.endSeconds },
  }));

/** A film that was just finished is looked at when nothing else is made: that may be long. */
const LOOK_MS = 5 * 60_000;

/** The parts of a film that is to be exported, once plugins have looked at it, if that is soon. */
export const partsFor =
  (scans: Pick<Scans, "settled" | "chapters">) =>
  async (file: FileIdentity, signal: AbortSignal): Promise<readonly NamedPart[]> => {
    await within(scans.settled(file.path), { ms: LOOK_MS, signal });
    return namedParts(await scans.chapters(file));
  };
