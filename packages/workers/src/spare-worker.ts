import type { Log, Rung, RungMeasurement } from "@upreel/core";
import { createFirstFree, type Opening } from "./first-free.ts";
import type { WorkerSettings } from "./launch-worker.ts";
import { startWorkerProcess, type WorkerProcess } from "./worker-process.ts";

export interface SpareOptions extends WorkerSettings {
  /** What the first run most likely begins with. */
  readonly warmRung: Rung | undefined;
}

/** What was just used is kept beside the spare for so long: one run often follows the other, and a start takes a second of a core. */
const KEPT_MS = 60_000;

/** One worker that waits for the next run, with the network which that most likely begins with. */
export interface SpareWorker extends AsyncDisposable {
  /** What it keeps loaded. */
  readonly warmRung: Rung | undefined;
  /** There is one, and it has started. */
  isReady(): boolean;
  /** It, or a new one where there is none. */
  take(): Promise<WorkerProcess>;
  /** A worker whose run is over: the spare, if there is none; beside one that is ready it is kept for a minute. */
  giveBack(worker: WorkerProcess): void;
  /** Starts one where there is none. */
  refill(): void;
  look(rungs: readonly Rung[]): Promise<readonly RungMeasurement[]>;
  /** From the next one on. */
  noteRung(rung: Rung): void;
  /** Now and from now on. */
  expectRung(rung: Rung): Promise<void>;
  /** Whatever is expected; undefined: that again. */
  keepWarm(rung: Rung | undefined): Promise<void>;
}

export function createSpareWorker(
  log: Log,
  options: SpareOptions,
  start = startWorkerProcess,
): SpareWorker {
  let spare: Opening | undefined;
  const ready = new WeakSet<Opening>();
  const rested = createRested();
  const closing = new AbortController();
  const firstFree = createFirstFree();
  let kept: Rung | undefined;
  let { warmRung: expected } = options;
  const warmRung = (): Rung | undefined => kept ?? expected;
  const openings = createOpenings(
    (signal) => start(options, log, AbortSignal.any([closing.signal, signal])),
    warmRung,
  );

  function refill(): void {
    if (!closing.signal.aborted && spare === undefined) keep(openings.begin());
  }

  /** The spare from now on, until it is taken. */
  function keep(kept: Opening): void {
    spare = kept;
    const ended = kept.worker
      .then(({ exited }) => {
        ready.add(kept);
        return exited;
      })
      .catch((error: unknown) => {
        const isGivenUp = closing.signal.aborted || kept.notNeeded.signal.aborted;
        if (!isGivenUp) log.error("No spare worker", { error });
      });
    // A dead one makes room.
    void ended.then(() => {
      if (spare === kept) spare = undefined;
    });
  }

  async function take(): Promise<WorkerProcess> {
    const taken = spare;
    const next = rested.take();
    spare = undefined;
    if (next !== undefined) keep(openingOf(next));
    const worker = taken && (await firstFree.take(taken).catch(() => undefined));
    return worker?.isAlive === true ? worker : firstFree.take(openings.begin());
  }

  const isReady = (): boolean => spare !== undefined && ready.has(spare);

  function giveBack(worker: WorkerProcess): void {
    if (worker.isAlive && firstFree.offer(worker)) return;
    if (!worker.isAlive || closing.signal.aborted) worker.kill();
    else if (isReady()) rested.keep(worker);
    else {
      // A start takes a second of a core: this one is as good.
      giveUp(spare);
      keep(openingOf(worker));
    }
  }

  async function warmSpare(): Promise<void> {
    const asked = spare;
    const worker = await asked?.worker.catch(() => undefined);
    // A run may have taken it meanwhile.
    if (spare !== asked) return;
    const rung = warmRung();
    if (rung !== undefined) worker?.warm(rung);
    else worker?.kill();
  }

  refill();
  return {
    get warmRung() {
      return warmRung();
    },
    ...{ isReady, take, giveBack, refill },
    async look(rungs) {
      const worker = await spare?.worker.catch(() => undefined);
      return (await worker?.look(rungs)) ?? [];
    },
    noteRung: (rung) => void (expected = rung),
    async expectRung(rung) {
      expected = rung;
      await warmSpare();
    },
    async keepWarm(rung) {
      kept = rung;
      await warmSpare();
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      rested.end();
      await spare?.worker.catch(() => undefined);
      await openings.gone();
    },
  };
}

/** Processes that are started, and all that are there. */
function createOpenings(
  start: (notNeeded: AbortSignal) => Promise<WorkerProcess>,
  warmRung: () => Rung | undefined,
) {
  const alive = new Set<WorkerProcess>();

  async function open(notNeeded: AbortSignal): Promise<WorkerProcess> {
    const worker = await start(notNeeded);
    alive.add(worker);
    void worker.exited.then(() => alive.delete(worker));
    const rung = warmRung();
    if (rung !== undefined) worker.warm(rung);
    return worker;
  }

  return {
    begin(): Opening {
      const notNeeded = new AbortController();
      return { notNeeded, worker: open(notNeeded.signal) };
    },
    async gone(): Promise<void> {
      await Promise.all([...alive].map(({ exited }) => exited));
    },
  };
}

const openingOf = (worker: WorkerProcess): Opening => ({
  worker: Promise.resolve(worker),
  notNeeded: new AbortController(),
});

/** It may be there already, and only not be known to be: two runs can end at once. */
function giveUp(opening: Opening | undefined): void {
  opening?.notNeeded.abort();
  opening?.worker.then((worker) => worker.kill()).catch(() => undefined);
}

/** The worker that was used last, beside the spare: at most one, and not for long. */
function createRested() {
  let kept: WorkerProcess | undefined;
  let timer: NodeJS.Timeout | undefined;

  function take(): WorkerProcess | undefined {
    clearTimeout(timer);
    const worker = kept;
    kept = undefined;
    return worker?.isAlive === true ? worker : undefined;
  }
  const end = (): void => take()?.kill();

  return {
    take,
    end,
    keep(worker: WorkerProcess): void {
      end();
      kept = worker;
      timer = setTimeout(end, KEPT_MS);
      timer.unref();
    },
  };
}
