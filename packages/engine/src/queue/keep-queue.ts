import { join } from "node:path";
import type { Leases, Log, QueueMove } from "@upreel/core";
import { JsonFile } from "@upreel/files";
import PQueue from "p-queue";
import { z } from "zod";
import { aloneAmongGateways } from "../disk/alone-among-gateways.ts";
import { inOrder, moveFilms, type Waiting } from "./move-films.ts";

/** The order that people have given to films that wait. */
export interface FilmQueue extends Disposable {
  /** Ids of those that were put in order by hand, the first one first. All others follow by themselves. */
  readonly ids: readonly string[];
  /** All that wait, in the order in which they are made. */
  readonly inOrder: (streams: readonly Waiting[]) => readonly string[];
  /** On the disk when it settles; `streams`: those of all gateways. */
  readonly move: (move: QueueMove, streams: readonly Waiting[]) => Promise<void>;
  /** It is finished, or nobody wants it any more. */
  readonly forget: (id: string) => Promise<void>;
  readonly subscribe: (listener: (ids: readonly string[]) => void) => () => void;
}

/** What another gateway wrote is known after so long. */
const KNOWN_MS = 1_000;
/** More films wait in no queue. */
const MOST = 100_000;

const idsSchema = z.array(z.string().max(100)).max(MOST);

/**
 * Keeps it in `queue.json` of the data folder, one for all gateways that share it; a damaged one is begun anew. `leases`: where
 * there are others.
 */
export async function keepQueue(
  dataDir: string,
  { leases, log }: { readonly leases?: Leases | undefined; readonly log: Log },
  lookEveryMs = KNOWN_MS,
): Promise<FilmQueue> {
  const shared = leases?.isShared === true ? leases : undefined;
  const file = new JsonFile(join(dataDir, "queue.json"), idsSchema, {
    ...{ isDurable: true, makesFolder: true },
  });
  const listeners = new Set<(ids: readonly string[]) => void>();
  let ids: readonly string[] = [];
  let isReadable = true;
  const read = async (): Promise<readonly string[]> => (await file.readUnlessDamaged()) ?? [];

  function take(next: readonly string[]): void {
    if (next.join() === ids.join()) return;
    ids = next;
    for (const listener of listeners) listener(ids);
  }

  /** While the file cannot be read, the order stays as it was known last. */
  async function look(): Promise<void> {
    try {
      take(await read());
      isReadable = true;
    } catch (error) {
      if (isReadable) log.warn("The order of the queue cannot be read", { error });
      isReadable = false;
    }
  }
  await look();

  const changes = new PQueue({ concurrency: 1 });
  /** Changes run one after another, also those of other gateways. */
  function change(next: (ids: readonly string[]) => readonly string[]): Promise<void> {
    const once = async (): Promise<void> => {
      const before = await read();
      const after = next(before);
      if (after.join() !== before.join()) await file.write([...after]);
      take(after);
    };
    return changes.add(() =>
      shared === undefined ? once() : aloneAmongGateways(shared, "queue.json", once),
    );
  }

  // In turn with the changes: what is read is never older than what this gateway wrote.
  const lookInTurn = (): void => void changes.add(look);
  const looking = shared === undefined ? undefined : setInterval(lookInTurn, lookEveryMs);
  looking?.unref();

  return {
    get ids() {
      return ids;
    },
    inOrder: (streams) => inOrder(streams, ids),
    move: (move, streams) =>
      change((byHand) => moveFilms(byHand, inOrder(streams, byHand), move).slice(0, MOST)),
    forget: (id) =>
      ids.includes(id)
        ? change((byHand) => byHand.filter((each) => each !== id))
        : Promise.resolve(),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    [Symbol.dispose]: () => clearInterval(looking),
  };
}
