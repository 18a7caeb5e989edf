import {
  UpreelError,
  type FarmCommand,
  type RunOrder,
  type RungRef,
  type SourceRef,
} from "@upreel/core";
import type { WorkerProgress } from "@upreel/streams";
import { createRemoteRun, type RemoteRun } from "./remote-run.ts";
import { createSourceTokens } from "./source-tokens.ts";

export interface SessionRunsParts {
  readonly name: string;
  readonly send: (command: FarmCommand) => void;
  /** What its version cannot do of what the rung asks for, in words that follow "its version does not"; undefined: nothing. */
  readonly lacks: (rung: RungRef) => string | undefined;
  /** What the machine did wrong. */
  readonly onFault: (fault: string) => void;
}

/**
 * A rung without the sentences that say why it was chosen: they are for the gateway's own pages, and a worker of an older
 * version refuses an order with a sentence that it does not know.
 */
function unexplained(rung: RungRef): RungRef {
  const { why: _, ...asked } = rung;
  return asked;
}

/** The runs that a machine has over one connection, and what opens their films. */
export interface SessionRuns {
  readonly all: ReadonlyMap<string, RemoteRun>;
  readonly start: (order: RunOrder, onProgress: (progress: WorkerProgress) => void) => RemoteRun;
  readonly sourceOf: (token: string) => SourceRef | undefined;
  /** So much time went by. */
  pass(elapsedMs: number): void;
  /** The connection is over: all runs are lost, and nothing is begun any more. */
  close(why: string): void;
}

export function createSessionRuns({ name, send, lacks, onFault }: SessionRunsParts): SessionRuns {
  const all = new Map<string, RemoteRun>();
  const tokens = createSourceTokens();
  let isClosed = false;

  function forget({ order: { runId, source } }: RemoteRun): void {
    all.delete(runId);
    if ([...all.values()].some(({ order }) => order.source.id === source.id)) return;
    tokens.forget(source);
  }

  return {
    all,
    sourceOf: (token) => tokens.sourceOf(token),
    start(order, onProgress) {
      if (isClosed) throw new UpreelError("worker_lost", `The worker ${name} is gone`);
      const onEnd = (fault: string | undefined): void => {
        if (fault !== undefined && !isClosed) onFault(fault);
        forget(run);
      };
      const run = createRemoteRun(order, { machine: name, send, onProgress, onEnd });
      all.set(order.runId, run);
      const known = order.otherRungs?.filter((rung) => lacks(rung) === undefined);
      const asked = {
        ...{ ...order, rung: unexplained(order.rung) },
        ...(known === undefined ? {} : { otherRungs: known.map(unexplained) }),
      };
      const lacking = lacks(order.rung);
      if (lacking === undefined)
        send({ type: "run", order: asked, source: tokens.tokenFor(order.source) });
      else run.cannot(`its version does not ${lacking}: bring it to this one's`);
      return run;
    },
    pass(elapsedMs) {
      for (const run of all.values()) run.pass(elapsedMs);
    },
    close(why) {
      isClosed = true;
      tokens.clear();
      for (const run of all.values()) run.lose(why);
    },
  };
}
