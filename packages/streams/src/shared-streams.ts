import {
  leasesAway,
  streamElsewhere,
  type Leases,
  type Log,
  type RecoveredStream,
  type StreamFolders,
} from "@upreel/core";
import type { createRegister } from "./register.ts";
import type { Stream } from "./stream-api.ts";
import type { Whereabouts } from "./streams-api.ts";

export interface SharedParts {
  /** Without other gateways all streams are here. */
  readonly leases: Leases | undefined;
  readonly folders: Pick<StreamFolders, "recover" | "reach" | "letGo">;
  readonly register: ReturnType<typeof createRegister>;
  /** Takes in a stream that was found on the disk, and goes on with it; or deletes it, which takes a while. */
  readonly adopt: (found: RecoveredStream) => Promise<void> | undefined;
  /** Nobody waits for its last viewer here any more. */
  readonly forget: (stream: Stream) => void;
  readonly onLeft: (id: string) => void;
  readonly log: Log;
}

/** A stream that is being opened or let go is asked for again so often. */
const LOOKS = 3;

const HERE: Whereabouts = { at: "here" };

/** Who was wanted first goes on first. */
const byWanted = (a: RecoveredStream, b: RecoveredStream): number =>
  a.record.broadcastStartedAtMs - b.record.broadcastStartedAtMs;

async function leaveToOthers(stream: Stream, { forget, folders, log }: SharedParts): Promise<void> {
  const { id } = stream;
  log.info(`${stream.record.title}: is left to other gateways`, { stream: id });
  forget(stream);
  try {
    await stream.stop();
    await stream.folder[Symbol.asyncDispose]();
  } finally {
    await folders.letGo(id);
  }
}

/** Which streams this gateway has, where several share a data folder: those that it holds the lease of. */
export function shareStreams(parts: SharedParts) {
  const { folders, register, log } = parts;
  const leases = parts.leases?.isShared === true ? parts.leases : undefined;

  const takeIn = (found: RecoveredStream): Promise<void> | undefined =>
    register.has(found.record.id) ? undefined : parts.adopt(found);

  /** Takes what is nobody's. */
  async function takeFree(): Promise<void> {
    const ends: (Promise<void> | undefined)[] = [];
    const take = (found: RecoveredStream): void => void ends.push(takeIn(found));
    // Of several gateways each at once: while the rest is read somebody may ask for it, or it may be lost again.
    if (leases !== undefined) await folders.recover(take);
    else for (const found of (await folders.recover()).toSorted(byWanted)) take(found);
    for (const end of ends) if (end !== undefined) await end;
  }

  let taking: Promise<void> = Promise.resolve();
  /** One look follows the other. */
  function takeWhatIsFree(): Promise<void> {
    taking = taking.then(takeFree).catch((error: unknown) => {
      log.error("Streams of other gateways are not taken over", { error });
    });
    return taking;
  }

  /** It is another gateway's by now, or soon: all work on it ends, and nothing of it is deleted. */
  async function letGo(id: string): Promise<void> {
    register.leave(id);
    const end = (stream: Stream): Promise<void> => leaveToOthers(stream, parts);
    await register
      .remove(id, end, () => parts.onLeft(id))
      .catch((error: unknown) => log.debug("a stream that was lost is gone", { id, error }));
  }

  async function letGoAll(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map(letGo));
    // Its lease may have come back meanwhile, with nobody to tell of it again.
    await takeWhatIsFree();
  }

  const unsubscribe = leases?.subscribe((change) => {
    void (change.kind === "lost" ? letGoAll(change.ids) : takeWhatIsFree());
  });

  async function reach(id: string): Promise<Whereabouts> {
    if (leases === undefined) return HERE;
    for (let look = 0; look < LOOKS; look += 1) {
      if (register.peek(id) !== undefined && leases.holds(id)) return HERE;
      // Until it is open, or gone.
      if (register.has(id))
        await register.control(
          id,
          async () => undefined,
          () => undefined,
        );
      else {
        const reached = await folders.reach(id);
        if (reached.kind === "other") return { at: "there", address: reached.address };
        if (reached.kind === "unknown") return { at: "unknown" };
        // Whoever asks for it is told that there is none, also where it was here once.
        if (reached.kind === "none") {
          register.forget(id);
          return HERE;
        }
        await takeIn(reached.stream);
      }
    }
    return { at: "unknown" };
  }

  /** Throws where a stream that is to be made, or goes on, is not this gateway's. */
  const requireHere = async (id: string): Promise<void> => {
    const { at } = await reach(id);
    if (at === "there") throw streamElsewhere(id);
    if (at === "unknown") throw leasesAway(id);
  };

  async function handOver(id: string): Promise<boolean> {
    const stream = register.peek(id);
    if (leases === undefined || stream === undefined || stream.status().viewers > 0) return false;
    await letGo(id);
    return true;
  }

  return {
    ...{ takeFree, reach, requireHere, handOver },
    /** Whoever waits for its lease gets it at once. */
    release: async (id: string): Promise<void> => leases?.release(id),
    async close(): Promise<void> {
      unsubscribe?.();
      await taking;
    },
  };
}
