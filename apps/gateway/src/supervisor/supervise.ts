import { fork, type ChildProcess } from "node:child_process";
import { createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { listenOn } from "../http/listen-on.ts";
import type { Log } from "@upreel/streams";
import { gatewayMessageSchema, type SocketMessage } from "./handover.ts";

/** A gateway that dies again sooner than this after its start is started again after a longer pause. */
const STABLE_AFTER_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
/** Connections that wait for a gateway; more are refused. */
const MAX_WAITING = 1_000;

export interface SuperviseOptions {
  readonly host: string;
  readonly port: number;
  /** Arguments of the gateway's command line, given the URL that the supervisor listens on. */
  readonly firstArguments: (url: string) => readonly string[];
  readonly nextArguments: (url: string) => readonly string[];
  readonly log: Log;
  /** Aborts when the service is to end. */
  readonly stop: AbortSignal;
}

/**
 * Listens, and hands every connection to a gateway process. When that process dies another one is
 * started and connections wait for it meanwhile: players that ask 20 times in two seconds and then
 * skip to the end of the film (mpv, Kodi) see a pause instead of a refusal. A socket counts as handed
 * over only when the gateway says so; else the next gateway gets it. Returns the exit code.
 */
export async function supervise(options: SuperviseOptions): Promise<number> {
  const { log, stop } = options;
  const waiting: Socket[] = [];
  let gateway: RunningGateway | undefined;
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    // A client that goes while it waits; everything else is the gateway's concern.
    socket.on("error", () => socket.destroy());
    if (gateway?.isReady === true) gateway.hand(socket);
    else if (waiting.length < MAX_WAITING) waiting.push(socket);
    else socket.destroy();
  });
  const { url } = await listenOn(server, options);

  let pauseMs = FIRST_PAUSE_MS;
  for (let attempt = 0; ; attempt++) {
    const startedMs = performance.now();
    const args = attempt === 0 ? options.firstArguments(url) : options.nextArguments(url);
    const started = startGateway(args, () => {
      for (const socket of waiting.splice(0)) started.hand(socket);
    });
    gateway = started;
    const onStop = (): void => void started.child.kill("SIGTERM");
    stop.addEventListener("abort", onStop, { once: true });
    if (stop.aborted) onStop();
    const exit = await started.exited;
    stop.removeEventListener("abort", onStop);
    waiting.unshift(...started.untaken());
    const isFirstFailure = attempt === 0 && !started.hasBeenReady;
    if (stop.aborted || isFirstFailure || exit.code === 0) {
      server.close();
      for (const socket of waiting) socket.destroy();
      return exit.code ?? 1;
    }
    pauseMs =
      performance.now() - startedMs > STABLE_AFTER_MS
        ? FIRST_PAUSE_MS
        : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    log.error(
      `the gateway is gone (${exit.signal ?? `exit code ${exit.code}`}); starting it again`,
    );
    await waitFor(pauseMs, stop);
  }
}

interface RunningGateway {
  readonly child: ChildProcess;
  /** Takes sockets now. */
  readonly isReady: boolean;
  readonly hasBeenReady: boolean;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  hand(socket: Socket): void;
  /** Sockets that were sent but not taken. */
  untaken(): Socket[];
}

const CLI = fileURLToPath(new URL("../cli.ts", import.meta.url));

function startGateway(args: readonly string[], onReady: () => void): RunningGateway {
  const child = fork(CLI, args, { stdio: "inherit" });
  const handed = new Map<number, Socket>();
  let isReady = false;
  let last = 0;
  const { promise: exited, resolve } = Promise.withResolvers<{
    code: number | null;
    signal: NodeJS.Signals | null;
  }>();
  child.once("exit", (code, signal) => resolve({ code, signal }));
  child.once("error", () => resolve({ code: 1, signal: null }));
  child.on("message", (message) => {
    const event = gatewayMessageSchema.parse(message);
    if (event.type === "ready") {
      isReady = true;
      onReady();
      return;
    }
    // Only our own copy of it is closed: the gateway has another.
    handed.get(event.number)?.destroy();
    handed.delete(event.number);
  });
  return {
    child,
    get isReady() {
      return isReady && child.connected;
    },
    get hasBeenReady() {
      return isReady;
    },
    exited,
    hand(socket) {
      const number = ++last;
      handed.set(number, socket);
      const message: SocketMessage = { type: "socket", number };
      // An error means that the gateway is dying; its exit gives the socket back.
      child.send(message, socket, { keepOpen: true }, () => {});
    },
    untaken: () => [...handed.values()].filter((socket) => !socket.destroyed),
  };
}

function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
