import { setImmediate as nextTurn } from "node:timers/promises";
import { segmentCount, segmentFrames, type Timeline } from "@upreel/core";
import type { FakeFolder } from "./fake-folder.ts";
import type { FakeRun } from "./fake-run.ts";
import type { FakeWorld } from "./fake-world.ts";
import { simulatePage } from "./simulate-page.ts";

/** For tests alone: workers that make frames and players that show them, in the time of a manual clock. */
const STEP_SECONDS = 0.1;
/** Figures are too low for so long after the first picture. */
const COLD_SECONDS = 2;
/** The encoder gives a segment when it has seen some more frames. */
const ENCODER_DELAY_FRAMES = 6;
const READ_AHEAD_SECONDS = 20;

/** Film seconds that the machine makes in a second with this model, if one run has it alone. */
export type SpeedOf = (model: string, atSeconds: number) => number;

export function simulate(
  world: FakeWorld,
  timeline: Timeline,
  speedOf: SpeedOf,
  /** From the order of a run to its first picture. */
  startSeconds = 0,
  /** Has the streams looked at, once a second of the simulation; without, that goes by the time that it takes. */
  look: () => void = () => {},
) {
  const startMs = world.clock.nowMs();
  const workers = new Map<FakeRun, ReturnType<typeof simulateWorker>>();
  const players: { live(): void }[] = [];
  let mostRuns = 0;
  let looks = 0;

  async function step(): Promise<void> {
    world.clock.advance(STEP_SECONDS * 1_000);
    for (const run of world.runs) {
      if (!workers.has(run)) workers.set(run, simulateWorker(run, timeline, startSeconds));
    }
    const working = [...workers].filter(([run]) => run.isWorking);
    mostRuns = Math.max(mostRuns, working.length);
    const nowSeconds = (world.clock.nowMs() - startMs) / 1_000;
    for (const [run, worker] of working) {
      worker.work(speedOf(run.model, nowSeconds) / working.length);
    }
    for (const player of players) player.live();
    if (Math.floor(nowSeconds) > looks) {
      looks = Math.floor(nowSeconds);
      look();
    }
    // What follows from it, over several promises.
    await nextTurn();
    await nextTurn();
  }

  return {
    /** Lets `seconds` go by, or fewer when `until` holds. */
    async pass(seconds: number, until: () => boolean = () => false): Promise<void> {
      for (let left = seconds; left > 0 && !until(); left -= STEP_SECONDS) await step();
    },
    play(id: string, fromSeconds: number) {
      const client = `player ${players.length + 1}`;
      const player = simulatePlayer(world.folder(id), timeline, fromSeconds, (k) =>
        world.streams.noteAsked(id, k, client),
      );
      players.push(player);
      return {
        player,
        seek: (seconds: number) => player.seek(seconds),
        leave: (): void => {
          players.splice(players.indexOf(player), 1);
          world.streams.viewerLeft(id, client);
        },
      };
    },
    /** Opens the film's page, which shows the original first. */
    open(id: string, fromSeconds: number) {
      const page = simulatePage(world, id, { timeline, fromSeconds, stepSeconds: STEP_SECONDS });
      players.push(page);
      return page;
    },
    /** Runs that worked at the same time, at most. */
    mostRuns: (): number => mostRuns,
    framesMade: (): number => [...workers.values()].reduce((sum, { frames }) => sum + frames(), 0),
    segmentsMadeTwice: (): number =>
      [...workers.values()].reduce((sum, { madeTwice }) => sum + madeTwice(), 0),
  };
}

function simulateWorker(run: FakeRun, timeline: Timeline, startSeconds: number) {
  const { fromSegment, toSegment } = run.order;
  const rate = timeline.rate.num / timeline.rate.den;
  const first = segmentFrames(timeline, fromSegment).first;
  const total = segmentFrames(timeline, toSegment - 1).end - first;
  let startsFor = startSeconds;
  let workedFor = 0;
  let frames = 0;
  let next = fromSegment;
  let madeTwice = 0;
  return {
    frames: () => frames,
    madeTwice: () => madeTwice,
    work(speed: number): void {
      startsFor -= STEP_SECONDS;
      if (startsFor >= 0) return;
      workedFor += STEP_SECONDS;
      frames = Math.min(total, frames + speed * rate * STEP_SECONDS);
      const isCold = startSeconds > 0 && workedFor < COLD_SECONDS;
      run.progress(Math.floor(frames), (isCold ? workedFor / COLD_SECONDS : 1) * speed * rate);
      while (next < toSegment && run.isWorking) {
        const delay = frames < total ? ENCODER_DELAY_FRAMES : 0;
        if (first + frames - delay < segmentFrames(timeline, next).end) break;
        if (run.folder.ready.has(next) && !run.isReplacing) madeTwice += 1;
        run.folder.publish(next++);
      }
      if (frames >= total && run.isWorking) run.end({ why: "finished", frames: total });
    },
  };
}

function simulatePlayer(
  folder: FakeFolder,
  timeline: Timeline,
  fromSeconds: number,
  ask: (segment: number) => void,
) {
  const segmentSeconds = (timeline.framesPerSegment * timeline.rate.den) / timeline.rate.num;
  const count = segmentCount(timeline);
  let seconds = fromSeconds;
  let next = Math.floor(fromSeconds / segmentSeconds);
  let waitedSeconds = 0;
  let stalledSeconds = 0;
  let isShowing = false;
  return {
    /** Where it is in the film. */
    seconds: () => seconds,
    /** Waiting for a segment after it showed the first picture. */
    stalledSeconds: () => stalledSeconds,
    /** From its start or its last jump to the first picture. */
    waitedSeconds: () => waitedSeconds,
    isShowing: () => isShowing,
    seek(to: number): void {
      seconds = to;
      next = Math.floor(to / segmentSeconds);
      waitedSeconds = 0;
      isShowing = false;
    },
    live(): void {
      while (next < count && next * segmentSeconds - seconds < READ_AHEAD_SECONDS) {
        ask(next);
        if (!folder.ready.has(next)) break;
        next += 1;
      }
      const buffered = Math.min(next, count) * segmentSeconds;
      if (buffered > seconds) {
        isShowing = true;
        seconds = Math.min(seconds + STEP_SECONDS, buffered);
      } else if (isShowing && next < count) stalledSeconds += STEP_SECONDS;
      else if (next < count) waitedSeconds += STEP_SECONDS;
    },
  };
}
