import {
  FARM_BEAT_MS,
  FARM_PROTOCOLS,
  farmCommandSchema,
  toUpreelError,
  UpreelError,
  type FarmCommand,
  type FarmReport,
  type WorkerFacts,
  type WorkerOffer,
} from "@upreel/core";
import { parseMessage, type FarmLink } from "./farm-link.ts";
import { createShiftRuns, type ShiftRunsParts } from "./shift-runs.ts";

export interface FarmWork extends ShiftRunsParts {
  readonly facts: WorkerFacts;
  readonly offer: () => WorkerOffer;
  /** Whether its owner plays or works there, and how hot its GPU is, where that is known. */
  readonly seen?: () => { readonly isInUse: boolean; readonly gpuCelsius: number | undefined };
}

/** This machine's side of one connection. */
export interface FarmShift {
  /** The measurements are others now. */
  tellOffer(): void;
  /** A run of its own accord. */
  pause(runId: string, isPaused: boolean): void;
  cancel(runId: string): void;
  /** Aborts when the connection is over. */
  readonly connection: AbortSignal;
  /** Settles when the connection is over and no run goes on; with a reason when the gateway refused. */
  readonly over: Promise<UpreelError | undefined>;
}

/** Does what the gateway at the other end says. Runs end with the connection: others make their segments by then. */
export function workForFarm(link: FarmLink, work: FarmWork): FarmShift {
  const { log } = work;
  const { promise: closed, resolve: onClosed } = Promise.withResolvers<UpreelError | undefined>();
  let refusal: UpreelError | undefined;
  const connection = new AbortController();

  const send = (report: FarmReport): void => {
    if (!connection.signal.aborted) link.send(JSON.stringify(report));
  };
  const runs = createShiftRuns(work, send);
  const beating = setInterval(() => send({ type: "beat", ...work.seen?.() }), FARM_BEAT_MS);

  function obey(command: FarmCommand): void {
    switch (command.type) {
      case "welcome":
        return log.info(`Joined as ${command.name}`);
      case "refused": {
        const { code, message, ...details } = command.reason;
        refusal = new UpreelError(code, message, details);
        return link.close(message);
      }
      case "run":
        return runs.begin(command.order, command.source);
      case "pause":
      case "resume":
        return runs.setPaused(command.runId, "owner", command.type === "pause");
      case "cancel":
        return runs.cancel(command.runId);
      case "set-rung":
        return runs.setRung(command.runId, command.rung, command.fromSegment);
    }
  }

  link.onText = (text) => {
    try {
      obey(parseMessage(text, farmCommandSchema));
    } catch (thrown) {
      log.error(
        `The gateway sent something that is not understood: ${toUpreelError(thrown).message}`,
      );
      link.close("an unknown message");
    }
  };
  link.onClosed = (why) => {
    connection.abort();
    clearInterval(beating);
    log.warn(`The gateway is not connected: ${why}`);
    runs.cancelAll();
    onClosed(refusal);
  };
  const { facts } = work;
  send({ type: "hello", protocols: [...FARM_PROTOCOLS], facts, offer: work.offer() });
  return {
    tellOffer: () => send({ type: "offer", offer: work.offer() }),
    pause: (runId, isPaused) => runs.setPaused(runId, "line", isPaused),
    cancel: (runId) => runs.cancel(runId),
    connection: connection.signal,
    over: closed.then(async (reason) => {
      await runs.settled();
      return reason;
    }),
  };
}
