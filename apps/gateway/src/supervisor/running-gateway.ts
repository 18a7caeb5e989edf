import { ChildProcess, fork } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { gatewayMessageSchema, type Door, type SocketMessage } from "./handover.ts";

/** A connection that nobody answers yet. */
export interface Caller {
  readonly socket: Socket;
  readonly door: Door;
}

/** One gateway process below the supervisor. */
export interface RunningGateway {
  readonly child: ChildProcess;
  /** Takes sockets now. */
  readonly isReady: boolean;
  readonly hasBeenReady: boolean;
  /** It asked for another one in its place, and is told to end. */
  readonly isToRestart: boolean;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  hand(caller: Caller): void;
  /** Callers that were sent but not taken. */
  untaken(): Caller[];
}

const CLI = fileURLToPath(new URL("../cli.ts", import.meta.url));

/** Starts a gateway; `onReady` is called when it takes sockets. */
export function startGateway(args: readonly string[], onReady: () => void): RunningGateway {
  const child = forkOrNothing(args);
  const handed = new Map<number, Caller>();
  let isReady = false;
  let isToRestart = false;
  let last = 0;
  const { promise: exited, resolve } = Promise.withResolvers<{
    code: number | null;
    signal: NodeJS.Signals | null;
  }>();
  child.once("exit", (code, signal) => resolve({ code, signal }));
  if (child.pid === undefined && child.channel === undefined) resolve({ code: 1, signal: null });
  // Also when a later kill fails: an error without a listener would end the supervisor.
  child.on("error", () => {
    if (child.pid === undefined) resolve({ code: 1, signal: null });
  });
  child.on("message", (message) => {
    const event = gatewayMessageSchema.safeParse(message).data;
    if (event === undefined) return;
    if (event.type === "ready") {
      isReady = true;
      onReady();
      return;
    }
    if (event.type === "restart") {
      isToRestart = true;
      child.kill("SIGTERM");
      return;
    }
    // Only our own copy of it is closed: the gateway has another.
    handed.get(event.number)?.socket.destroy();
    handed.delete(event.number);
  });
  return {
    child,
    get isReady() {
      return isReady && !isToRestart && child.connected;
    },
    get hasBeenReady() {
      return isReady;
    },
    get isToRestart() {
      return isToRestart;
    },
    exited,
    hand(caller) {
      const number = ++last;
      handed.set(number, caller);
      const message: SocketMessage = { type: "socket", number, door: caller.door };
      // An error means that the gateway is dying; its exit gives the socket back.
      child.send(message, caller.socket, { keepOpen: true }, () => {});
    },
    untaken: () => [...handed.values()].filter(({ socket }) => !socket.destroyed),
  };
}

/** A child that never was where none can be made: for want of memory Node throws in place of telling. */
function forkOrNothing(args: readonly string[]): ChildProcess {
  try {
    return fork(CLI, args, { stdio: "inherit" });
  } catch {
    return new ChildProcess();
  }
}
