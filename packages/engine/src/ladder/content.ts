import type { Content, FilmFacts, Log, Output, Profile } from "@upreel/core";
import { contentByName, lookAtContent, type TakeLook, type TimedSource } from "@upreel/media";
import type { PublicModel } from "@upreel/upscaler";

export interface ContentParts {
  readonly ffmpeg: string;
  readonly look: TakeLook;
  /** What a plugin saw. */
  readonly known?: FilmFacts["content"] | undefined;
  /** Whether there is a model that one kind of film prefers: without, nobody asks. */
  readonly isAsked: () => Promise<boolean>;
  readonly log: Log;
}

/** What a film is: as its profile says, else its path, else some of its pictures; asked where that decides the model. */
export async function contentOf(
  profile: Profile,
  film: TimedSource,
  { ffmpeg, look, known, isAsked, log }: ContentParts,
  signal: AbortSignal,
): Promise<Output["content"]> {
  if (profile.content !== undefined) return { kind: profile.content, why: "as asked for" };
  if (profile.model !== "auto" || !(await isAsked())) return undefined;
  const named = contentByName(film.source.path);
  if (named === undefined && known) return known;
  try {
    const { content, why } = named ?? (await lookAtContent(film, { ffmpeg, look }, signal));
    return { kind: content, why };
  } catch (error) {
    signal.throwIfAborted();
    log.warn(`${film.source.path}: whether it is film or animation could not be told`, { error });
    return undefined;
  }
}

/** Models that films of one kind prefer, by id, best first. */
export interface Preferences {
  /** From the settings: used whatever their speed. */
  readonly named: Readonly<Record<Content, string | undefined>>;
  /** Made for one kind of film: used where they are fast enough. */
  readonly made: (content: Content) => readonly string[];
}

/** Ids of the public models that were made for one kind of film. */
export const madeFor = (content: Content, models: readonly PublicModel[]): readonly string[] =>
  models.filter((model) => model.content === content).map(({ id }) => id);
