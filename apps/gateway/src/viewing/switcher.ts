import { toUpreelError, type Clock, type Log, type StreamView } from "@upreel/core";
import type { JellyfinClient } from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import { shared } from "../waiting/shared.ts";
import { giveOrder, type Order } from "./remote-control.ts";
import { isWorthSwitching } from "./worth-switching.ts";

/** Somebody who plays the original of a film of which a stream is made. */
export interface Candidate {
  /** The same object as long as he plays this: he is served once. */
  readonly play: object;
  readonly viewer: string;
  /** For people. */
  readonly client: string | undefined;
  readonly streamId: string;
  readonly seconds: number;
  /**
   * What his client is to be told, once all that has to be there before is there. `later`: it is not, for
   * now; `nothing`: it is left alone.
   */
  prepare(status: StreamView): Promise<Order | "later" | "nothing">;
}

export interface Switcher extends Disposable {
  /** Others who may be switched; returns the function that takes them out. */
  add(candidates: () => readonly Candidate[]): () => void;
  /**
   * Looks at everybody who plays; one look may outlast the time until the next: two at once would give a
   * client two orders. Never rejects.
   */
  look(): Promise<void>;
}

export interface SwitcherDependencies {
  readonly streams: Pick<Streams, "get">;
  readonly client: JellyfinClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: two seconds. */
  readonly everyMs?: number | undefined;
}

const EVERY_MS = 2_000;
/** A switch that did not help is not repeated at once, nor for ever. */
const AGAIN_AFTER_MS = 60_000;
const MAX_SWITCHES = 4;
const MAX_REMEMBERED = 1_000;

/**
 * The one place from which clients are brought from the original to the upscaled film while they play,
 * or told of it, whichever way they play: when enough of it is there, once, and not again and again.
 */
export function createSwitcher(deps: SwitcherDependencies): Switcher {
  const { streams, client, clock, log, everyMs = EVERY_MS } = deps;
  const ways = new Set<() => readonly Candidate[]>();
  const served = new WeakSet<object>();
  /** By viewer and stream. */
  const history = new Map<string, { readonly count: number; readonly atMs: number }>();

  async function serve(candidate: Candidate): Promise<void> {
    const { play, viewer, streamId, seconds } = candidate;
    const status = streams.get(streamId);
    if (status === undefined || served.has(play) || !isWorthSwitching(status, seconds)) return;
    const key = `${viewer}\n${streamId}`;
    const { count, atMs } = history.get(key) ?? { count: 0, atMs: -Infinity };
    if (count >= MAX_SWITCHES || clock.nowMs() - atMs < AGAIN_AFTER_MS) return;
    const order = await candidate.prepare(status);
    if (order === "later") return;
    served.add(play);
    if (order === "nothing") return;
    history.set(key, { count: count + 1, atMs: clock.nowMs() });
    for (const oldest of history.keys()) if (history.size > MAX_REMEMBERED) history.delete(oldest);
    await giveOrder(client, order);
    if (order.play === undefined) return;
    log.info(`${status.title}: ${candidate.client ?? "a client"} is switched to the upscaled film`);
  }

  const look = shared(async () => {
    const candidates = [...ways].flatMap((way) => way());
    const serving = candidates.map(async (candidate) =>
      serve(candidate).catch((thrown: unknown) => {
        const { message } = toUpreelError(thrown);
        log.warn(`${candidate.client ?? "A client"} is not switched for now: ${message}`);
      }),
    );
    await Promise.all(serving);
  });
  const looking = setInterval(() => void look(), everyMs).unref();
  return {
    add(candidates) {
      ways.add(candidates);
      return () => void ways.delete(candidates);
    },
    look,
    [Symbol.dispose]: () => clearInterval(looking),
  };
}
