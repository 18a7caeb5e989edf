/** What the runs of a stream have taught so far. */
export interface Lessons {
  /** Runs in a row that made nothing: by their own fault, and killed by somebody else. */
  readonly fruitless: number;
  readonly killed: number;
  /** After a remake that came to nothing there are no more. */
  readonly canRemake: boolean;
  /** Copied sound has left a segment without: from now on it is encoded. */
  readonly encodesSound: boolean;
  /** Segments in which the pictures end though the film goes on later: a still picture is shown. */
  readonly damaged: ReadonlySet<number>;
  /** The frame at which the last run that found no more pictures found that. */
  readonly seenEnd: number | undefined;
}

export const NO_LESSONS: Lessons = {
  ...{ fruitless: 0, killed: 0, canRemake: true },
  ...{ encodesSound: false, damaged: new Set<number>(), seenEnd: undefined },
};

/** The stream begins anew: what was found of its source stays true. */
export const forgetRuns = (lessons: Lessons): Lessons => ({
  ...lessons,
  ...{ fruitless: 0, killed: 0, canRemake: true },
});

/** After a run of this result. */
export const counted = (lessons: Lessons, result: "good" | "killed" | "fruitless"): Lessons => {
  if (result === "good") return { ...lessons, fruitless: 0, killed: 0 };
  return { ...lessons, [result]: lessons[result] + 1 };
};

export const withDamage = (lessons: Lessons, segment: number): Lessons => ({
  ...lessons,
  damaged: new Set([...lessons.damaged, segment]),
});
