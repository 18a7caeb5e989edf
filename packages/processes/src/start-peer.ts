import type { z } from "zod";
import { launch, type ChildEnd, type ChildOrder } from "./launch.ts";

/** A process that lives beside this one and is spoken with by messages. */
export interface Peer<Sent> {
  readonly pid: number;
  readonly isAlive: boolean;
  /** Settles when it is gone; never rejects. */
  readonly ended: Promise<ChildEnd & { readonly isGivenUp: boolean }>;
  /** A message to one that just died is lost; its end says so. */
  send(message: Sent): void;
  /** Whoever ends it has given it up: its end is no news. */
  kill(): void;
  stderrTail(): string;
}

export interface PeerHooks<Told> {
  /** What it may say. */
  readonly schema: z.ZodType<Told>;
  readonly onMessage: (message: Told) => void;
  /** Something else was said, or a message was not taken. */
  readonly onTrouble?: (trouble: { readonly message: unknown; readonly error?: unknown }) => void;
}

/** Starts a process that speaks by messages; each is checked, and a bad one ends nothing. */
export function startPeer<Sent extends object, Told>(
  order: ChildOrder,
  { schema, onMessage, onTrouble }: PeerHooks<Told>,
): Peer<Sent> {
  const { child, ended, kill, stderrTail } = launch(order, { ipc: true, stdout: "ignore" });
  let isAlive = true;
  let isGivenUp = false;
  const listen = async (): Promise<void> => {
    for await (const message of child.getEachMessage()) {
      const told = schema.safeParse(message);
      if (!told.success) {
        onTrouble?.({ message });
        continue;
      }
      try {
        onMessage(told.data);
      } catch (error) {
        // Whoever is told of a message must not end the listening to the next ones.
        onTrouble?.({ message, error });
      }
    }
  };
  // The channel breaks when the process dies; its end says why.
  listen().catch(() => {});
  return {
    pid: child.pid ?? 0,
    get isAlive() {
      return isAlive;
    },
    ended: ended.then((end) => {
      isAlive = false;
      return { ...end, isGivenUp };
    }),
    send(message) {
      if (isAlive) child.sendMessage(message).catch(() => {});
    },
    kill() {
      isGivenUp = true;
      kill();
    },
    stderrTail,
  };
}

/** Calls `onSilence` again and again once nothing was heard for `silenceMs`, until the process has `ended`. */
export function watchForSilence(
  { ended }: Pick<Peer<never>, "ended">,
  silenceMs: number,
  lastHeardMs: () => number,
  onSilence: () => void,
): void {
  const look = (): void => {
    if (performance.now() - lastHeardMs() >= silenceMs) onSilence();
  };
  const watchdog = setInterval(look, Math.min(LOOK_EVERY_MS, silenceMs));
  watchdog.unref();
  void ended.then(() => clearInterval(watchdog));
}

const LOOK_EVERY_MS = 1_000;
