import { UpreelError } from "@upreel/core";
import { startPeer, type ChildOrder, type Peer } from "@upreel/processes";
import type { z } from "zod";

/** What somebody waits for. */
type Asked<Answer> = Pick<PromiseWithResolvers<Answer>, "resolve" | "reject">;

interface Cancel {
  readonly type: "cancel";
  readonly id: number;
}

export interface AskedProcessParts<Told extends { readonly id: number }, Answer> {
  readonly order: ChildOrder;
  /** What it may say. */
  readonly schema: z.ZodType<Told>;
  readonly settle: (told: Told, asked: Asked<Answer>) => void;
  /** What those who wait are told when it is gone, with how it ended. */
  readonly lost: (end: string) => UpreelError;
  /** It is gone, and nobody has ended it. */
  readonly onLost?: (end: string) => void;
  /** Who gives up goes on when the process has answered that, or after so long. Default: at once. */
  readonly cancelMs?: number;
  /** It ends when nobody asked for so long. Default: never. */
  readonly idleMs?: number;
}

interface Question {
  /** Nobody wants the answer any more. */
  readonly signal: AbortSignal;
  /** A process that has not answered by then hangs, and is ended. */
  readonly longestMs: number;
  readonly tooLong: () => UpreelError;
}

/** One process that stays and answers what it is asked, several at a time; another one is started when it is gone. */
export interface AskedProcess<Command, Answer> extends AsyncDisposable {
  /** Starts it before it is asked. */
  start(): void;
  /** Rejects with the abort reason, `tooLong`, `lost`, or what it says is wrong. */
  ask(toCommand: (id: number) => Command, question: Question): Promise<Answer>;
}

/** Not started yet. */
export function createAskedProcess<Command extends object, Told extends { id: number }, Answer>({
  order,
  schema,
  settle,
  lost,
  onLost,
  cancelMs = 0,
  idleMs,
}: AskedProcessParts<Told, Answer>): AskedProcess<Command, Answer> {
  interface Running {
    readonly peer: Peer<Command | Cancel>;
    readonly waiting: Map<number, Asked<Answer>>;
  }
  const closing = new AbortController();
  let current: Running | undefined;
  let last = 0;
  let idle: NodeJS.Timeout | undefined;

  function start(): Running {
    closing.signal.throwIfAborted();
    if (current?.peer.isAlive === true) return current;
    const waiting: Running["waiting"] = new Map();
    const peer = startPeer<Command | Cancel, Told>(order, {
      schema,
      onMessage(told) {
        const asked = waiting.get(told.id);
        if (asked !== undefined) settle(told, asked);
      },
    });
    void peer.ended.then(({ how, stderr, isGivenUp }) => {
      const end = stderr === "" ? how : `${how}: ${stderr.slice(-500)}`;
      if (!isGivenUp) onLost?.(end);
      for (const asked of waiting.values()) asked.reject(lost(end));
    });
    current = { peer, waiting };
    return current;
  }

  function endWhenIdle({ peer, waiting }: Running): void {
    clearTimeout(idle);
    if (idleMs === undefined || waiting.size > 0) return;
    idle = setTimeout(() => {
      if (waiting.size === 0) peer.kill();
    }, idleMs).unref();
  }

  return {
    start: () => void start(),
    async ask(toCommand, { signal, longestMs, tooLong }) {
      signal.throwIfAborted();
      clearTimeout(idle);
      const running = start();
      const { peer, waiting } = running;
      const id = (last += 1);
      const answer = Promise.withResolvers<Answer>();
      waiting.set(id, answer);
      let givenUp: NodeJS.Timeout | undefined;
      const giveUp = (): void => answer.reject(signal.reason);
      const onAbort = (): void => {
        peer.send({ type: "cancel", id });
        if (cancelMs === 0) giveUp();
        else givenUp = setTimeout(giveUp, cancelMs);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      const hung = setTimeout(() => {
        answer.reject(tooLong());
        peer.kill();
      }, longestMs);
      try {
        peer.send(toCommand(id));
        const found = await answer.promise;
        signal.throwIfAborted();
        return found;
      } finally {
        clearTimeout(hung);
        clearTimeout(givenUp);
        signal.removeEventListener("abort", onAbort);
        waiting.delete(id);
        endWhenIdle(running);
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new UpreelError("cancelled", "Upreel shuts down"));
      clearTimeout(idle);
      current?.peer.kill();
      await current?.peer.ended;
    },
  };
}
