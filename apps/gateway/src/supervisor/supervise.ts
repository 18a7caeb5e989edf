import type { Socket } from "node:net";
import type { ListenAddress } from "../http/server/listen-on.ts";
import { openDoors, type Doors, type Listening } from "./open-doors.ts";
import { startGateway, type Caller, type RunningGateway } from "./running-gateway.ts";

/** A gateway that dies again sooner than this after its start is started again after a longer pause. */
const STABLE_AFTER_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 30_000;
/** Connections that wait for a gateway; more are refused. */
const MAX_WAITING = 2_000;
/** A gateway that is gone for longer is gone round: most restarts take a second or two. */
const BYPASS_AFTER_MS = 6_000;

/** Answers callers of the proxy while there is no gateway. */
export interface Bypass extends Disposable {
  take(socket: Socket): void;
}

export interface SuperviseOptions extends Doors {
  readonly proxy:
    | (ListenAddress & {
        /** Given where the proxy listens and a signal for "a gateway is there again". */
        readonly bypass: (url: string, whenReady: () => Promise<void>) => Bypass;
      })
    | undefined;
  /** Arguments of the gateway's command line, given the URLs that the supervisor listens on. */
  readonly firstArguments: (urls: Listening) => readonly string[];
  readonly nextArguments: (urls: Listening) => readonly string[];
  /** Whether what is set now needs no other doors; asked before a gateway is started that was asked for. Throws where that cannot be read. */
  readonly isAsBefore?: () => boolean;
  /** A gateway has worked before: one that does not even start is started again, as when it dies later. */
  readonly isAgain?: boolean;
  /** Aborts when the service is to end. */
  readonly stop: AbortSignal;
  /** Starts a gateway process. */
  readonly start?: typeof startGateway;
}

/**
 * Listens, and hands every connection to a gateway process. When that process dies another one is
 * started and connections wait for it meanwhile: players that ask 20 times in two seconds and then
 * skip to the end of the film (mpv, Kodi) see a pause instead of a refusal. A socket counts as handed
 * over only when the gateway says so; else the next gateway gets it. Who wants Jellyfin gets it
 * without a gateway when none comes up for long. Returns the exit code; `again`: it is to be called anew, with what is
 * set now.
 */
export async function supervise(options: SuperviseOptions): Promise<number | "again"> {
  const { log, stop, start = startGateway } = options;
  const waiting: Caller[] = [];
  let gateway: RunningGateway | undefined;
  let ready = Promise.withResolvers<void>();
  let bypass: Bypass | undefined;
  let isBypassing = false;
  let patience: NodeJS.Timeout | undefined;

  const { urls, close } = await openDoors(options, ({ socket, door }) => {
    if (gateway?.isReady === true) gateway.hand({ socket, door });
    else if (isBypassing && door === "proxy") bypass?.take(socket);
    else if (waiting.length < MAX_WAITING) waiting.push({ socket, door });
    else socket.destroy();
  });
  if (urls.proxy !== undefined) bypass = options.proxy?.bypass(urls.proxy, () => ready.promise);

  const goRound = (): void => {
    if (bypass === undefined) return;
    isBypassing = true;
    log.warn("the gateway does not start: Jellyfin's clients get plain Jellyfin meanwhile");
    const [ours, theirs] = [waiting.filter((c) => !isForProxy(c)), waiting.filter(isForProxy)];
    waiting.splice(0, waiting.length, ...ours);
    for (const { socket } of theirs) bypass.take(socket);
  };
  const onReady = (started: RunningGateway): void => {
    clearTimeout(patience);
    patience = undefined;
    isBypassing = false;
    ready.resolve();
    for (const caller of waiting.splice(0)) started.hand(caller);
  };

  const end = <T>(code: T): T => {
    clearTimeout(patience);
    close();
    bypass?.[Symbol.dispose]();
    for (const { socket } of waiting) socket.destroy();
    return code;
  };

  let pauseMs = FIRST_PAUSE_MS;
  for (let attempt = 0; ; attempt++) {
    const startedMs = performance.now();
    patience ??= setTimeout(goRound, BYPASS_AFTER_MS);
    const args = attempt === 0 ? options.firstArguments(urls) : options.nextArguments(urls);
    const started = start(args, () => onReady(started));
    gateway = started;
    const onStop = (): void => void started.child.kill("SIGTERM");
    stop.addEventListener("abort", onStop, { once: true });
    if (stop.aborted) onStop();
    const exit = await started.exited;
    stop.removeEventListener("abort", onStop);
    if (started.hasBeenReady) ready = Promise.withResolvers();
    waiting.unshift(...started.untaken());
    const isFirstFailure = attempt === 0 && !started.hasBeenReady && options.isAgain !== true;
    if (stop.aborted || isFirstFailure) return end(exit.code ?? 1);
    if (started.isToRestart) {
      log.info("restarting the gateway, as requested");
      if (!isAsBefore(options)) return end("again");
      continue;
    }
    pauseMs =
      performance.now() - startedMs > STABLE_AFTER_MS
        ? FIRST_PAUSE_MS
        : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    log.error(
      `the gateway ended unexpectedly (${exit.signal ?? `exit code ${exit.code}`}); restarting it`,
    );
    await waitFor(pauseMs, stop);
    // Not one more: its program may not even be there any longer.
    if (stop.aborted) return end(0);
  }
}

/** Settings that cannot be read change no address: the sockets stay open, and the next gateway says what is wrong with the settings. */
function isAsBefore({ isAsBefore: ask, log }: SuperviseOptions): boolean {
  try {
    return ask?.() ?? true;
  } catch (error) {
    log.error("the settings cannot be read: the addresses and ports stay as they are", { error });
    return true;
  }
}

const isForProxy = ({ door }: Caller): boolean => door === "proxy";

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
