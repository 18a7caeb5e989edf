import {
  toReason,
  type FarmReport,
  type Log,
  type RunEnd,
  type RunOrder,
  type RungName,
} from "@upreel/core";
import type { WorkerProgress, WorkerRun, Workers } from "@upreel/streams";

export interface ShiftRunsParts {
  readonly pool: Pick<Workers, "start">;
  /** Names the networks of an order as this machine runs them, and its answers as the order does. */
  readonly localize: (order: RunOrder) => LocalOrder;
  /** The film of an order is behind this token from now on. */
  readonly onSource: (order: RunOrder, token: string) => void;
  readonly log: Log;
}

interface LocalOrder {
  readonly order: RunOrder;
  readonly toLocal: (rung: RungName) => RungName;
  readonly toOwner: (rung: RungName) => RungName;
}

/** By its owner, or since the line is behind. */
type Pauser = "owner" | "line";

interface Going {
  readonly starting: AbortController;
  readonly local: LocalOrder;
  handle: WorkerRun | undefined;
  readonly pausedBy: Set<Pauser>;
}

/** The runs that this machine has of one connection. */
export function createShiftRuns(parts: ShiftRunsParts, send: (report: FarmReport) => void) {
  const { log, pool } = parts;
  const going = new Map<string, Going>();
  const underway = new Set<Promise<void>>();

  function applyPause({ handle, pausedBy }: Going): void {
    if (pausedBy.size > 0) handle?.pause();
    else handle?.resume();
  }

  function cancel(runId: string): void {
    const run = going.get(runId);
    run?.starting.abort();
    run?.handle?.cancel();
  }

  async function carryOut({ runId }: RunOrder, run: Going): Promise<RunEnd> {
    const { starting, local } = run;
    const onProgress = ({ rungs = [], refused = [], ...figures }: WorkerProgress): void =>
      send({
        ...{ type: "progress", runId, ...figures },
        rungs: rungs.map((each) => ({ ...each, ...local.toOwner(each) })),
        refused: refused.map((each) => ({ ...each, ...local.toOwner(each) })),
      });
    try {
      run.handle = await pool.start(local.order, onProgress, starting.signal);
    } catch (thrown) {
      if (starting.signal.aborted) return { why: "cancelled", frames: 0 };
      return { why: "failed", frames: 0, reason: toReason(thrown) };
    }
    if (starting.signal.aborted) run.handle.cancel();
    if (run.pausedBy.size > 0) applyPause(run);
    send({ type: "working", runId });
    return await run.handle.ended;
  }

  async function work(order: RunOrder, run: Going): Promise<void> {
    const { runId } = order;
    const end = await carryOut(order, run);
    going.delete(runId);
    const why = end.why === "failed" ? `: ${end.reason.message}` : "";
    log.info(`Run ${runId} ended: ${end.why}${why}`);
    send({ type: "ended", runId, end });
  }

  return {
    begin(order: RunOrder, token: string): void {
      const { runId, fromSegment, toSegment } = order;
      parts.onSource(order, token);
      const local = parts.localize(order);
      const starting = new AbortController();
      const run: Going = { starting, local, handle: undefined, pausedBy: new Set() };
      going.set(runId, run);
      const { model } = local.order.rung;
      log.info(`Run ${runId}: segments ${fromSegment} to ${toSegment - 1} by ${model.id}`);
      const done: Promise<void> = work(order, run).finally(() => underway.delete(done));
      underway.add(done);
    },
    setPaused(runId: string, by: Pauser, isPaused: boolean): void {
      const run = going.get(runId);
      if (run === undefined) return;
      if (isPaused) run.pausedBy.add(by);
      else run.pausedBy.delete(by);
      applyPause(run);
    },
    setRung(runId: string, rung: RungName, fromSegment: number): void {
      const run = going.get(runId);
      run?.handle?.setRung(run.local.toLocal(rung), fromSegment);
    },
    cancel,
    cancelAll(): void {
      for (const runId of going.keys()) cancel(runId);
    },
    async settled(): Promise<void> {
      await Promise.all(underway);
    },
  };
}
