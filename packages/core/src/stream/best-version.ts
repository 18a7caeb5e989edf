import type { Grade } from "../film/film-wish.ts";
import type { StreamState } from "./stream.ts";

/** What tells which of a film's versions is played: each is a stream of its own, made by other settings. */
export interface VersionFacts {
  readonly state: StreamState;
  /** Enlarged without a network, all that is made of it. */
  readonly plain: boolean;
  /** Lines of its picture; not known before it is planned. */
  readonly height: number | null | undefined;
  /** `auto`, a grade, or the id of a model. */
  readonly wantedModel: string;
  /** CRF-like, 0 is best. */
  readonly quality: number;
}

/** What can be watched comes first. */
const BY_STATE: Record<StreamState, number> = {
  complete: 0,
  running: 1,
  starting: 2,
  queued: 3,
  paused: 4,
  idle: 5,
  failed: 6,
  cancelled: 7,
};

/** The best picture first. */
const GRADES: readonly (Grade | "auto")[] = ["best", "balanced", "auto", "fast", "fastest"];

/** Who names a model of his own has chosen it for its picture. */
const gradeOf = (model: string): number => GRADES.findIndex((grade) => grade === model);

/**
 * The version of a film that plays when nobody says which: of the finished ones the one with the best picture, else the
 * one that is nearest to being watched. Undefined where there is none.
 */
export function bestVersion<T>(
  versions: readonly T[],
  factsOf: (version: T) => VersionFacts,
): T | undefined {
  return versions.toSorted((a, b) => compareVersions(factsOf(a), factsOf(b)))[0];
}

const compareVersions = (a: VersionFacts, b: VersionFacts): number =>
  BY_STATE[a.state] - BY_STATE[b.state] ||
  Number(a.plain) - Number(b.plain) ||
  (b.height ?? 0) - (a.height ?? 0) ||
  gradeOf(a.wantedModel) - gradeOf(b.wantedModel) ||
  a.quality - b.quality;
