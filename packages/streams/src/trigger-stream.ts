import { UpreelError, isSameFile, type Clock, type StreamRecord } from "@upreel/core";
import { filmId } from "./film-id.ts";
import type { createRegister } from "./register.ts";
import type { Stream } from "./stream-api.ts";
import { isFresh } from "./growth/watch-growth.ts";
import { startAnswer, triggerAgain, type TriggerAgainParts } from "./trigger-again.ts";
import type { PrepareRequest, TriggerRequest, TriggerResult } from "./streams-api.ts";

export interface TriggerParts extends TriggerAgainParts {
  readonly register: ReturnType<typeof createRegister>;
  /** Key of the stream ids. */
  readonly secret: Uint8Array;
  /** Streams that may work, or wait for it. */
  readonly mostWorking: number;
  readonly open: (record: StreamRecord) => Promise<Stream>;
  readonly start: (stream: Stream) => void;
  /** Throws where it is another gateway's. */
  readonly requireHere: (id: string) => Promise<void>;
  /** Deletes it with all that was made of it. */
  readonly remove: (id: string) => Promise<unknown>;
}

/**
 * Whether what is made is not this film: it was begun with a file that was replaced by one of the same
 * size and time, or it was cut on the word of one run, which a disk that stumbled is enough for.
 */
const isOfAnother = ({ state, record }: Stream, { file }: PrepareRequest): boolean =>
  state === "complete"
    ? record.reason?.code === "source_truncated" && record.isEndProven !== true
    : !isSameFile(record.file, file);

const newRecord = (
  id: string,
  { title, file, profile, priority }: TriggerRequest,
  clock: Clock,
): StreamRecord => {
  const nowMs = clock.nowMs();
  // What may be written on is the same film when it is longer, whoever triggers it next.
  const mayGrow = isFresh(file, clock) ? { mayGrow: true } : {};
  return {
    ...{ version: 1, id, title, profile, priority: priority ?? "viewer" },
    file: { ...file, ...mayGrow },
    ...{ createdAtMs: nowMs, broadcastStartedAtMs: nowMs, state: "idle", made: [], remade: 0 },
  };
};

/** Finds the stream of a file under a profile, or makes it, and has it made, or prepared. */
export function createTrigger(parts: TriggerParts) {
  const { register, secret, open, start } = parts;

  function begin(stream: Stream): TriggerResult {
    start(stream);
    return startAnswer(stream);
  }

  /** Throws `queue_full`: what waits takes memory, and its turn would come in days. */
  function requireRoom(): void {
    // Counted only when it may matter.
    if (register.size < parts.mostWorking) return;
    const working = register.workingCount();
    if (working < parts.mostWorking) return;
    throw new UpreelError(
      "queue_full",
      "too many films are waiting; cancel some, or try again later",
      {
        expected: `fewer than ${parts.mostWorking} (MAX_QUEUED)`,
        got: String(working),
      },
    );
  }

  async function prepare(request: PrepareRequest, fromSeconds: number): Promise<string> {
    const id = filmId(register, secret, request);
    await parts.requireHere(id);
    const record = (): StreamRecord => ({
      ...newRecord(id, { ...request, priority: "background" }, parts),
      prepared: true,
    });
    const begun = (stream: Stream): void => {
      stream.prepareFrom(fromSeconds);
      start(stream);
    };
    const again = async (stream: Stream): Promise<void> => {
      if (stream.isPrepared) stream.prepareFrom(fromSeconds);
    };
    if (register.has(id)) await register.control(id, again, () => undefined);
    else await register.add(id, () => open(record()), begun);
    return id;
  }

  async function trigger(request: TriggerRequest): Promise<TriggerResult> {
    const id = request.id ?? filmId(register, secret, request);
    await parts.requireHere(id);
    for (;;) {
      const known = register.peek(id);
      if (known !== undefined && isOfAnother(known, request)) {
        await parts.remove(id).catch(() => undefined);
      }
      const result = register.has(id)
        ? await register.control(
            id,
            (stream) => triggerAgain(stream, request, parts, requireRoom),
            () => undefined,
          )
        : await register.add(
            id,
            async () => {
              requireRoom();
              return open(newRecord(id, request, parts));
            },
            (stream) => {
              stream.audience.expectFrom(request.fromSeconds ?? 0);
              return begin(stream);
            },
          );
      // Else it was removed, or never made, while this call waited.
      if (result !== undefined) return result;
    }
  }

  return { trigger, prepare };
}
