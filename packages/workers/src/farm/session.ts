import {
  commonProtocol,
  FARM_LOST_MS,
  FARM_PROTOCOLS,
  NEWER_PROTOCOL,
  farmReportSchema,
  machineOfWorker,
  toReason,
  toUpreelError,
  UpreelError,
  type RungRef,
  type FarmCommand,
  type FarmReport,
  type Log,
  type Offer,
  type RunOrder,
  type SourceRef,
  type WorkerFacts,
  type WorkerOffer,
} from "@upreel/core";
import type { WorkerProgress } from "@upreel/streams";
import { parseMessage, type FarmLink } from "./farm-link.ts";
import type { RemoteRun } from "./remote-run.ts";
import { createSessionRuns } from "./session-runs.ts";
import { createSilence } from "./silence.ts";
import { createTally, isOfOwnDisk, type Tally } from "./tally.ts";

/** One machine that is here, from its hello on. */
export interface Session {
  readonly name: string;
  readonly machine: string;
  readonly facts: WorkerFacts | undefined;
  readonly offer: WorkerOffer | undefined;
  readonly runs: ReadonlyMap<string, RemoteRun>;
  readonly isSuspected: boolean;
  /** What it told last: whether its owner plays or works there, and how hot its hottest GPU is. */
  readonly seen: { readonly isInUse: boolean; readonly gpuCelsius: number | undefined };
  readonly tally: Pick<Tally, "counts" | "problem">;
  /** Its places, as far as it may be given work now. */
  offers(): readonly Offer[];
  start(order: RunOrder, onProgress: (progress: WorkerProgress) => void): RemoteRun;
  /** The film that a token of this connection opens; undefined: none. */
  sourceOf(token: string): SourceRef | undefined;
  /** A segment of it was looked at; `refusal`: it is not what it should be. */
  judged(run: RemoteRun, segment: number, bytes: number, refusal: unknown): void;
  /** Called often: a machine that says nothing is lost. `elapsedMs`: since the last call, of time that ran. */
  look(elapsedMs: number): void;
  close(why: string): void;
}

export interface SessionParts {
  readonly name: string;
  readonly link: FarmLink;
  readonly log: Log;
  readonly nowMs: () => number;
  readonly onClosed: () => void;
}

/** What this rung needs that a worker of protocol 1 cannot do. */
function newerIn({ faces, model: { kind, scale } }: RungRef): string | undefined {
  if (faces !== undefined) return "restore faces";
  return kind === "luma" && scale > 2 ? `enlarge by ×${scale}` : undefined;
}

/** The version to go on in. Throws `bad_request`. */
function agree(name: string, protocols: readonly number[]): number {
  const protocol = commonProtocol(protocols);
  if (protocol !== undefined) return protocol;
  throw new UpreelError("bad_request", `Worker ${name} has a different version`, {
    expected: `one of ${FARM_PROTOCOLS.join(", ")}: bring both machines to the same Upreel`,
    got: protocols.join(", "),
  });
}

/** The gateway's side of one connection. What does not keep to the messages is shown out. */
export function openSession({ name, link, log, nowMs, onClosed }: SessionParts): Session {
  const machine = machineOfWorker(name);
  const tally = createTally(name, log, nowMs);
  let facts: WorkerFacts | undefined;
  let offer: WorkerOffer | undefined;
  const silence = createSilence();
  let seen: Session["seen"] = { isInUse: false, gpuCelsius: undefined };
  let isClosed = false;

  const send = (command: FarmCommand): void => {
    if (!isClosed) link.send(JSON.stringify(command));
  };
  let protocol = 0;
  const runs = createSessionRuns({
    ...{ name, send, onFault: (fault) => tally.strike(fault) },
    lacks: (rung) => (protocol >= NEWER_PROTOCOL ? undefined : newerIn(rung)),
  });

  function close(why: string): void {
    if (isClosed) return;
    isClosed = true;
    link.close(why);
    runs.close(why);
    onClosed();
  }

  function take(report: FarmReport): void {
    if ((facts === undefined) !== (report.type === "hello")) {
      throw new UpreelError("bad_request", "A worker must say hello first, and only once", {
        got: report.type,
      });
    }
    switch (report.type) {
      case "hello":
        protocol = agree(name, report.protocols);
        send({ type: "welcome", protocol, name });
        ({ facts, offer } = report);
        return log.info(`Worker ${name} joined: ${facts.cpu}, ${offer.places} at a time`);
      case "offer":
        ({ offer } = report);
        return;
      case "beat":
        seen = { isInUse: report.isInUse ?? false, gpuCelsius: report.gpuCelsius };
        return;
      case "working":
      case "progress":
      case "ended":
        // Of one that is over already nobody wants to hear.
        return runs.all.get(report.runId)?.report(report);
    }
  }

  function showOut(thrown: unknown): void {
    const { message, expected, got } = toUpreelError(thrown);
    log.warn(`Worker ${name} is disconnected: ${message}`, { expected, got });
    // One whose hello is not understood would come again and again.
    if (facts === undefined) send({ type: "refused", reason: toReason(thrown) });
    close(message);
  }

  link.onText = (text) => {
    silence.heard();
    try {
      take(parseMessage(text, farmReportSchema));
    } catch (thrown) {
      showOut(thrown);
    }
  };
  link.onClosed = (why) => close(why);

  return {
    ...{ name, machine, tally, close, runs: runs.all, start: runs.start, sourceOf: runs.sourceOf },
    get facts() {
      return facts;
    },
    get offer() {
      return offer;
    },
    get isSuspected() {
      return silence.isSuspected;
    },
    get seen() {
      return seen;
    },
    offers: () =>
      isClosed || tally.isResting || silence.isSuspected ? [] : offersOf(machine, offer),
    judged(run, segment, bytes, refusal) {
      if (refusal === undefined) run.accepted(segment);
      else if (!isOfOwnDisk(refusal)) run.takeBack("it sent no such segment");
      tally.judged(bytes, refusal);
    },
    look(elapsedMs) {
      silence.pass(elapsedMs);
      if (!silence.isLost) return runs.pass(elapsedMs);
      log.warn(`Worker ${name} has been silent for ${FARM_LOST_MS / 1_000} s: it is lost`);
      close(`silent for ${FARM_LOST_MS / 1_000} s`);
    },
  };
}

/** One for each of its places. */
function offersOf(machine: string, offer: WorkerOffer | undefined): readonly Offer[] {
  if (offer === undefined) return [];
  const { places, providers, encoders, cores, speeds } = offer;
  return Array.from({ length: places }, (_, place) => ({
    ...{ id: `${machine}/${place}`, machine, providers, encoders, cores, speeds },
  }));
}
