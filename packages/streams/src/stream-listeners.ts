import type { Log } from "@upreel/core";
import type { StreamEvent } from "./streams-api.ts";

/** Who is told what becomes of the streams. */
export function createListeners(log: Log) {
  const listeners = new Set<(event: StreamEvent) => void>();
  return {
    tell: (event: StreamEvent): void => {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          // A listener's trouble is not the stream's.
          log.error("A listener to the streams failed", { error });
        }
      }
    },
    subscribe: (listener: (event: StreamEvent) => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
