import { UpreelError } from "@upreel/core";
import { startLinePeer, type LinePeer } from "@upreel/processes";
import { createMessageConnection, type MessageConnection } from "vscode-jsonrpc/node";
import { LineReader, LineWriter } from "./line-transport.ts";
import type { PluginLog } from "./plugin-log.ts";

/** How long things may take. */
export interface PluginTimes {
  /** From its start to `ready`. */
  readonly startMs: number;
  readonly pingMs: number;
  readonly stopMs: number;
}

/** A process of a plugin's that is there. */
export interface PluginProcess {
  /** How it ended; never rejects. */
  readonly ended: Promise<string>;
  /** Settles when it is ready; throws when it ends before, or takes too long. */
  readonly ready: Promise<void>;
  /** Throws `plugin_failed` when it answers an error or ends, and `timeout`. */
  call(method: string, params: object, timeoutMs: number, signal?: AbortSignal): Promise<unknown>;
  /** Asks it to end, and ends it where it does not. */
  stop(): Promise<void>;
  kill(): void;
}

export interface PluginOrder {
  readonly id: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly config: object;
  readonly times: PluginTimes;
  readonly log: PluginLog;
}

/** A season's fingerprints are some megabytes; who writes more is ended. */
const BOUNDS = {
  longestLine: 16 * 1024 * 1024,
  mostCharacters: 64 * 1024 * 1024,
  mostLines: 20_000,
  perMs: 10_000,
  /** One ffmpeg for each core is some dozens. */
  mostProcesses: 256,
};

/** Starts a plugin's process and speaks JSON-RPC 2.0 with it, one object a line. */
export function startPlugin(order: PluginOrder): PluginProcess {
  const { id, log, times } = order;
  const reader = new LineReader((line) =>
    log.note("warn", `not JSON-RPC on stdout: ${line.slice(0, 200)}`),
  );
  const peer = startLinePeer(
    { command: order.command, cwd: order.cwd, env: order.env },
    { bounds: BOUNDS, onLine: (line) => reader.take(line), onLog: (line) => log.take(line) },
  );
  const connection = createMessageConnection(reader, new LineWriter((line) => peer.write(line)));
  let end: string | undefined;
  const ended = peer.ended.then(({ how, fault }) => {
    end = fault === undefined ? `${how}; its last words: upreel plugins logs ${id}` : FAULTS[fault];
    reader.end();
    return end;
  });
  const gone = ended.then((how) => {
    throw failed(id, how);
  });
  // Whoever calls is told; nobody may be calling.
  gone.catch(() => undefined);

  const { promise: isReady, resolve } = Promise.withResolvers<void>();
  connection.onNotification("ready", () => resolve());
  answerPlugin(connection, order);
  connection.listen();

  const call: PluginProcess["call"] = async (method, params, timeoutMs, signal) => {
    if (end !== undefined) throw failed(id, end);
    return within(
      Promise.race([connection.sendRequest(method, params), gone]).catch((thrown: unknown) => {
        throw thrown instanceof UpreelError
          ? thrown
          : failed(id, `${method}: ${messageOf(thrown)}`);
      }),
      timeoutMs,
      () => late(id, `${method}: no answer within ${timeoutMs / 1000} s`),
      signal,
    );
  };
  return {
    ended,
    ready: within(Promise.race([isReady, gone]), times.startMs, () =>
      late(id, `it did not say \`ready\` within ${times.startMs / 1000} s`),
    ).then(async () => void (await call("ping", {}, times.pingMs))),
    call,
    stop: () => stop(peer, call, times.stopMs),
    kill: () => peer.kill(),
  };
}

const FAULTS = {
  too_many_processes: `it had more than ${BOUNDS.mostProcesses} processes`,
  line_too_long: `it wrote a line of more than ${BOUNDS.longestLine} characters`,
  flood: `it wrote more than ${BOUNDS.mostLines} lines or ${BOUNDS.mostCharacters} characters in ${BOUNDS.perMs / 1000} s`,
} as const;

/** What plugins ask the host, and tell it. */
function answerPlugin(connection: MessageConnection, { config, log }: PluginOrder): void {
  connection.onRequest("host.getConfig", () => config);
  connection.onRequest("host.getAccount", () => {
    throw new Error("Upreel keeps no accounts for plugins");
  });
  connection.onNotification("process.started", (told: unknown) => log.note("debug", tell(told)));
  connection.onNotification("process.stopped", (told: unknown) => log.note("debug", tell(told)));
  // Of capabilities that Upreel does not use.
  connection.onNotification((method) => log.note("debug", `notification ${method.slice(0, 100)}`));
}

const tell = (told: unknown): string => JSON.stringify(told)?.slice(0, 500) ?? "";

async function stop(peer: LinePeer, call: PluginProcess["call"], stopMs: number): Promise<void> {
  await call("shutdown", {}, stopMs).catch(() => undefined);
  peer.endInput();
  await within(peer.ended, stopMs, () => new Error("slow")).catch(() => undefined);
  peer.kill();
  await peer.ended;
}

async function within<T>(
  work: Promise<T>,
  ms: number,
  tooLate: () => Error,
  signal?: AbortSignal,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooLate()), ms);
  const onAbort = (): void => reject(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    // It may end later, and nobody listens.
    work.catch(() => undefined);
  }
}

const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

const failed = (id: string, how: string): UpreelError =>
  new UpreelError("plugin_failed", `the plugin ${id} failed: ${how.slice(0, 500)}`);

const late = (id: string, how: string): UpreelError =>
  new UpreelError("timeout", `the plugin ${id} failed: ${how}`);
