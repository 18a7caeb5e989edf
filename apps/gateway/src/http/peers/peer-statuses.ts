import { toldStatusSchema, type Log, type StreamStatus } from "@upreel/core";
import { z } from "zod";
import { PEER_HEADER } from "./from-peer.ts";

/** What others tell is asked for again after so long, and no list waits longer for one of them. */
const KNOWN_MS = 1_000;
const ANSWER_MS = 2_000;

const answerSchema = z.object({ streams: z.array(toldStatusSchema) });

/** What the streams of the other gateways do, as they told it last: each once, and none that this one has by now. */
export function createPeerStatuses(parts: {
  readonly key: string;
  readonly isHere: (id: string) => boolean;
  readonly others: () => readonly string[];
  readonly log: Pick<Log, "debug">;
  readonly nowMs: () => number;
}): () => Promise<readonly StreamStatus[]> {
  /** Of one that does not answer now, what it said last: its streams are not gone. */
  const told = new Map<string, readonly StreamStatus[]>();
  let looked:
    | { readonly atMs: number; readonly statuses: Promise<readonly StreamStatus[]> }
    | undefined;

  interface Answer {
    readonly isFresh: boolean;
    readonly streams: readonly StreamStatus[];
  }
  async function ask(address: string): Promise<Answer> {
    try {
      const answer = await fetch(`${address}/streams`, {
        headers: { [PEER_HEADER]: parts.key },
        redirect: "error",
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const { streams } = answerSchema.parse(await answer.json());
      told.set(address, streams);
      return { isFresh: true, streams };
    } catch (error) {
      parts.log.debug(`${address} does not tell of its streams`, { error });
      return { isFresh: false, streams: told.get(address) ?? [] };
    }
  }

  async function look(): Promise<readonly StreamStatus[]> {
    const others = parts.others();
    for (const address of told.keys()) if (!others.includes(address)) told.delete(address);
    const answers = await Promise.all(others.map(ask));
    // Streams of one that is gone are taken by others: who answers now knows better than what was told before.
    const sorted = answers.toSorted((one, other) => Number(one.isFresh) - Number(other.isFresh));
    const all = sorted.flatMap(({ streams }) => streams.map((each) => [each.id, each] as const));
    return [...new Map(all).values()];
  }

  return async () => {
    const nowMs = parts.nowMs();
    if (looked === undefined || nowMs - looked.atMs > KNOWN_MS)
      looked = { atMs: nowMs, statuses: look() };
    return (await looked.statuses).filter(({ id }) => !parts.isHere(id));
  };
}
