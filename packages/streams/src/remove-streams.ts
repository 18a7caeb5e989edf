import type { Log } from "@upreel/core";
import type { createRegister } from "./register.ts";
import type { Stream } from "./stream-api.ts";

export interface RemovalParts {
  readonly register: ReturnType<typeof createRegister>;
  readonly log: Log;
  /** Nobody waits for its last viewer any more. */
  readonly forget: (stream: Stream) => void;
  readonly onRemoved: (id: string) => void;
}

/** Deletes streams with all that was made of them. */
export function createRemoval({ register, log, forget, onRemoved }: RemovalParts) {
  async function end(stream: Stream): Promise<number> {
    forget(stream);
    await stream.stop();
    await stream.folder[Symbol.asyncDispose]();
    return stream.folder.remove();
  }

  return {
    /** The bytes that it freed. */
    remove: async (id: string): Promise<number> =>
      (await register.remove(id, end, () => onRemoved(id))) ?? 0,
    /** What was prepared, and not triggered since. */
    dropPrepared: async (id: string): Promise<void> => {
      if (!register.has(id)) return;
      const unseen = (): void => undefined;
      try {
        await register.remove(id, end, unseen, ({ isPrepared }) => isPrepared);
      } catch (error) {
        log.error(`What was prepared of ${id} could not be deleted`, { error });
      }
    },
  };
}
