import type { Log, Rung, RungMeasurement } from "@upreel/core";
import { createFirstFree, type Opening } from "./first-free.ts";
import type { WorkerSettings } from "./launch-worker.ts";
import { startWorkerProcess, type WorkerProcess } from "./worker-process.ts";

export interface SpareOptions extends WorkerSettings {
  /** What the first run most likely begins with. */
  readonly warmRung: Rung | undefined;
}

/** One worker that waits for the next run, with the network which that most likely begins with. */
export interface SpareWorker extends AsyncDisposable {
  /** What it keeps loaded. */
  readonly warmRung: Rung | undefined;
  /** It, or a new one where there is none. */
  take(): Promise<WorkerProcess>;
  /** A worker whose run is over: the spare, if there is none. */
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
  const alive = new Set<WorkerProcess>();
  let spare: Opening | undefined;
  const closing = new AbortController();
  const firstFree = createFirstFree();
  let kept: Rung | undefined;
  let { warmRung: expected } = options;
  const warmRung = (): Rung | undefined => kept ?? expected;

  function begin(): Opening {
    const notNeeded = new AbortController();
    return { notNeeded, worker: open(AbortSignal.any([closing.signal, notNeeded.signal])) };
  }

  async function open(signal: AbortSignal): Promise<WorkerProcess> {
    const worker = await start(options, log, signal);
    alive.add(worker);
    void worker.exited.then(() => alive.delete(worker));
    const rung = warmRung();
    if (rung !== undefined) worker.warm(rung);
    return worker;
  }

  function refill(): void {
    if (!closing.signal.aborted && spare === undefined) keep(begin());
  }

  /** The spare from now on, until it is taken. */
  function keep(kept: Opening): void {
    spare = kept;
    const ended = kept.worker
      .then(({ exited }) => exited)
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
    spare = undefined;
    const worker = taken && (await firstFree.take(taken).catch(() => undefined));
    return worker?.isAlive === true ? worker : firstFree.take(begin());
  }

  function giveBack(worker: WorkerProcess): void {
    if (worker.isAlive && firstFree.offer(worker)) return;
    if (spare === undefined && worker.isAlive && !closing.signal.aborted) {
      keep({ worker: Promise.resolve(worker), notNeeded: new AbortController() });
    } else worker.kill();
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
    ...{ take, giveBack, refill },
    async look(rungs) {
      const worker = await spare?.worker.catch(() => undefined);
      return (await worker?.look(rungs)) ?? [];
    },
    noteRung(rung) {
      expected = rung;
    },
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
      await spare?.worker.catch(() => undefined);
      await Promise.all([...alive].map((worker) => worker.exited));
    },
  };
}
