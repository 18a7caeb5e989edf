import {
  PLAIN_SCALER,
  told,
  toNumber,
  toUpreelError,
  withFacesId,
  type Timeline,
  type Told,
} from "@upreel/core";
import type { Ladder, LadderRung } from "@upreel/streams";
import type { FacesHere } from "../faces/face-models.ts";
import { SUSTAINED_SPEED } from "./explain-rung.ts";

/** Faces that a picture of a film has, where nobody knows: most have one, and many none. */
const FACES = 1;
/** They are looked for in each n-th frame: packages/upscaler/src/faces/restore-faces.ts. */
const DETECT_EVERY = 3;

/** Seconds of work for one picture, beside its network. */
const secondsOfFaces = ({ detectSeconds, restoreSeconds }: FacesHere["trial"]): number =>
  FACES * restoreSeconds + detectSeconds / DETECT_EVERY;

/**
 * A ladder whose first rungs restore faces, too: the best network at any speed, for when nobody waits, and all others
 * that keep up all the same. Below them stands the ladder as it was: a film that somebody watches is made without where
 * faces take too long.
 */
export function withFaces(
  ladder: Ladder,
  { work, trial }: FacesHere,
  strength: number,
  { rate, keepsUp }: Pick<Timeline, "rate"> & { readonly keepsUp: boolean },
): Ladder {
  const seconds = shown(trial.restoreSeconds);
  const secondsOfFilm = toNumber(rate) * secondsOfFaces(trial);
  const networks = ladder.filter(({ rung }) => rung.model.id !== PLAIN_SCALER.id);
  const faced = (networks.length > 0 ? networks : ladder)
    .map(({ rung, expectedSpeed }): LadderRung => {
      // Never faster than faces alone.
      const speed = 1 / (1 / (expectedSpeed ?? Infinity) + secondsOfFilm);
      const why = told("rung_faces", { seconds, speed: shown(speed) });
      return {
        rung: {
          ...rung,
          model: { ...rung.model, id: withFacesId(rung.model.id) },
          faces: { ...work, strength },
          why: [why, ...(rung.why ?? []).slice(0, 3)],
        },
        expectedSpeed: speed,
      };
    })
    .filter(({ expectedSpeed = 0 }, level) => level === 0 || expectedSpeed >= SUSTAINED_SPEED);
  if (!keepsUp) return faced.slice(0, 1);
  const [{ expectedSpeed = 0 } = {}] = faced;
  const later = told("rung_faces_later", { speed: shown(expectedSpeed) });
  return [...faced, ...saying(ladder, later)];
}

/** The same ladder, which says why no faces are restored. */
export const withoutFaces = (ladder: Ladder, thrown: unknown): Ladder => {
  const { message, expected } = toUpreelError(thrown);
  const reason = expected === undefined ? message : `${message}; needed: ${expected}`;
  return saying(ladder, told("rung_faces_missing", { reason }));
};

const saying = (ladder: Ladder, more: Told): Ladder =>
  ladder.map((each) => ({
    ...each,
    rung: { ...each.rung, why: [...(each.rung.why ?? []).slice(0, 3), more] },
  }));

/** Faces may take days: 0.02 is not 0. */
const shown = (value: number): number => Number(value.toPrecision(2));
