import { randomBytes } from "node:crypto";
import { helpOf, speedOfNew, speedsOfCrew } from "./life/help.ts";
import { hedgeAt } from "./life/hedge.ts";
import type { Life } from "./life/life.ts";
import { moveAhead } from "./life/move-ahead.ts";
import type { Seen } from "./life/step.ts";
import { needsOfStream } from "./life/stream-needs.ts";
import type { Stream, StreamDependencies } from "./stream-api.ts";

/** What who gives places for work asks a stream, and tells it. */
type StreamPlaces = Pick<
  Stream,
  "needs" | "speedAt" | "helpFor" | "moveAhead" | "hedgeAt" | "giveUpPlaces" | "take" | "endRun"
>;

export function placesOfStream(
  life: Life,
  seen: () => Seen,
  { clock, speedAt }: Pick<StreamDependencies, "clock" | "speedAt">,
  onTaken: () => void,
): StreamPlaces {
  const { send } = life;
  return {
    needs: () => needsOfStream(life.now, seen()),
    speedAt: (offer) => speedOfNew(life.now, seen(), offer, speedAt),
    helpFor(crew) {
      const speedOf = speedsOfCrew(life.now, seen(), speedAt);
      return () => helpOf(life.now, seen(), crew, speedOf);
    },
    moveAhead: (byPlace) =>
      moveAhead(life.now, seen(), byPlace, speedsOfCrew(life.now, seen(), speedAt)),
    hedgeAt: (offer) => hedgeAt(life.now, seen(), offer, speedAt),
    giveUpPlaces(kept) {
      if (life.now.runs.size > 0) send({ kind: "places-kept", runs: kept });
    },
    take(needs) {
      const given = needs.map((need) => ({ need, runId: newRunId(clock.nowMs()) }));
      if (given.length > 0) send({ kind: "places-given", given });
      onTaken();
    },
    endRun: (run) => send({ kind: "run-unneeded", run }),
  };
}

/** Unlike any other, also after a restart. */
const newRunId = (nowMs: number): string =>
  `${nowMs.toString(36)}-${randomBytes(3).toString("hex")}`;
