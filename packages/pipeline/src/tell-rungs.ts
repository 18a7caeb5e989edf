import { withoutFacesId, type ResolvedRun, type Rung } from "@upreel/core";

/** Who is told by which rung the segments of a run are made. */
interface ToldRungs {
  /** The network makes them by `rung` from segment `fromSegment` on. */
  readonly onRung: (fromSegment: number, rung: Rung) => void;
  /** From this frame of the run on no faces are restored, whatever the rung says. */
  readonly onFacesLost: (frame: number) => void;
}

/**
 * Tells what is true of each segment: the networks for faces stand behind those that enlarge, and may fail long after those
 * have changed. A segment whose faces were restored in part counts as one without.
 */
export function tellRungs(
  { fromSegment: first, rung: firstRung, timeline }: ResolvedRun,
  tell: (fromSegment: number, rung: Rung) => void,
): ToldRungs {
  const changes = [{ fromSegment: first, rung: firstRung }];
  let areLost = false;
  return {
    onRung(fromSegment, rung) {
      changes.push({ fromSegment, rung });
      tell(fromSegment, areLost ? withoutFaces(rung) : rung);
    },
    onFacesLost(frame) {
      areLost = true;
      const from = first + Math.floor(frame / timeline.framesPerSegment);
      const at = changes.findLast(({ fromSegment }) => fromSegment <= from);
      const later = changes.filter(({ fromSegment }) => fromSegment > from);
      for (const { fromSegment, rung } of at === undefined ? later : [at, ...later])
        if (rung.faces !== undefined) tell(Math.max(from, fromSegment), withoutFaces(rung));
    },
  };
}

function withoutFaces(rung: Rung): Rung {
  const { faces, ...plain } = rung;
  if (faces === undefined) return rung;
  return { ...plain, model: { ...rung.model, id: withoutFacesId(rung.model.id) } };
}
