import { machineOfWorker, type Offer } from "@upreel/core";
import { giveHelp } from "../packages/streams/src/farm-places.ts";
import { reduce } from "../packages/streams/src/life/reduce.ts";
import { beginRun } from "../packages/streams/src/life/runs.ts";
import type { State } from "../packages/streams/src/life/state.ts";
import { needsOfStream } from "../packages/streams/src/life/stream-needs.ts";
import type { Need } from "../packages/streams/src/need.ts";
import { Places } from "../packages/streams/src/places.ts";
import type { Stream } from "../packages/streams/src/stream-api.ts";
import { placesOfStream } from "../packages/streams/src/stream-places.ts";
import { NETWORK, timelineOf } from "../packages/streams/src/testing/films.ts";
import { PLAN, seenWith, working } from "../packages/streams/src/testing/lives.ts";
import { withLadder } from "../packages/streams/src/rungs.ts";

const SEGMENTS = 3_600;
/** Film seconds a second of each machine. */
const SPEED = 1.5;
const RUNGS = 6;

/** A film that one machine makes, of which so many segments are left. */
function filmWithOneRun(
  id: string,
  left: number,
): { readonly stream: Stream; readonly need: Need } {
  const rungs = Array.from({ length: RUNGS }, (_, n) => ({
    ...{ rung: { model: { ...NETWORK, id: `net${n}` }, provider: "cpu" } },
    expectedSpeed: SPEED,
  }));
  const plan = { ...PLAN, timeline: timelineOf(SEGMENTS), ladder: [...rungs, ...PLAN.ladder] };
  const seen = seenWith(Array.from({ length: SEGMENTS - left }, (_, k) => k));
  const making = working({ at: "making", plan });
  const record = { ...making.record, id, timeline: plan.timeline };
  let state: State = { ...making, record, rungs: withLadder(making.rungs, plan.ladder, 0) };
  const [first] = needsOfStream(state, seen);
  if (first === undefined) throw new Error("it needs nothing");
  const need = { ...first, stream: id, run: "r", isAtWork: true, machine: machineOfWorker(id) };
  ({ state } = beginRun(state, need, "r", plan, seen));
  const life = {
    get now() {
      return state;
    },
    send: (event: Parameters<typeof reduce>[1]) => void ({ state } = reduce(state, event, seen)),
    settled: async () => {},
  };
  const deps = { clock: { nowMs: () => seen.nowMs }, speedAt: () => SPEED };
  const stream: Pick<Stream, "id" | "helpFor" | "take"> = {
    ...{
      id,
      ...placesOfStream(
        life,
        () => seen,
        deps,
        () => {},
      ),
    },
  };
  // Of a film nothing else is asked when help is given.
  return { stream: stream as Stream, need };
}

/** Milliseconds of processor that giving help takes once, to `idle` machines, by so many films of which so much is left. */
export function timeHelp(idle: number, films: number, left: number): number {
  const offers = Array.from({ length: idle }, (_, n): Offer => {
    const machine = machineOfWorker(`idle${n}`);
    return { id: `${machine}/0`, machine, providers: ["cpu"], cores: 8, speeds: [] };
  });
  const all = Array.from({ length: films }, (_, n) => filmWithOneRun(`film${n}`, left));
  const before = process.cpuUsage();
  giveHelp(
    all.map(({ stream }) => stream),
    all.map(({ need }) => need),
    new Places(offers),
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
