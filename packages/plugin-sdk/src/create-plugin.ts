import { Console } from "node:console";
import { createInterface } from "node:readline";
import type { HookDelta, Host, MediaScanHandlers, PluginEvent } from "./types.ts";

/** What a plugin can do; the names are those of `capabilities` in its `plugin.json`. */
export interface Capabilities {
  readonly "media-scan"?: MediaScanHandlers;
  /** Told of what `subscriptions.events` of its `plugin.json` name. */
  readonly onEvent?: (event: PluginEvent, host: Host) => void | Promise<void>;
  /** Asked at what `subscriptions.hooks` of its `plugin.json` name: what is to be changed of the payload, or null. */
  readonly onHook?: (hook: PluginEvent, host: Host) => HookDelta | Promise<HookDelta>;
}

type Handler = (params: never) => unknown;

const METHOD_NOT_FOUND = -32601;
const HANDLER_FAILED = -32603;

/**
 * Runs this process as a plugin: answers the host on stdin and stdout, one JSON-RPC object a line. From here on
 * `console` writes to stderr, which is the plugin's log: anything else on stdout breaks the protocol.
 */
export function createPlugin(capabilities: Capabilities): void {
  globalThis.console = new Console(process.stderr, process.stderr);
  const host = createHost(capabilities);
  createInterface({ input: process.stdin, crlfDelay: Infinity })
    .on("line", (line) => void host.take(line))
    // The host is gone.
    .on("close", () => process.exit(0));
  send({ method: "ready" });
}

function createHost(capabilities: Capabilities): { take(line: string): Promise<void> } {
  const asked = new Map<string, (message: Message) => void>();
  let count = 0;
  const host: Host = {
    scratch: readEnvironment("AVIATO_PLUGIN_TMP_DIR"),
    log: (level, msg) =>
      void process.stderr.write(
        `${JSON.stringify({ level: LEVELS[level], time: Date.now(), pluginId: readEnvironment("AVIATO_PLUGIN_ID"), msg })}\n`,
      ),
    getConfig() {
      const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
      const id = `plugin-${(count += 1)}`;
      asked.set(id, ({ result, error }) =>
        error === undefined
          ? resolve(Object(result) as Record<string, unknown>)
          : reject(new Error(JSON.stringify(error))),
      );
      send({ id, method: "host.getConfig", params: {} });
      return promise;
    },
  };
  const handlers = handlersOf(capabilities, host);

  return {
    async take(line) {
      const message = parse(line);
      if (message === undefined) return host.log("warn", `not JSON-RPC: ${line.slice(0, 200)}`);
      const { id, method, params } = message;
      if (method === undefined) {
        const answered = asked.get(String(id));
        asked.delete(String(id));
        return answered?.(message);
      }
      if (id === undefined) return;
      const handler = handlers.get(method);
      if (handler === undefined)
        return send({ id, error: { code: METHOD_NOT_FOUND, message: `unknown method ${method}` } });
      try {
        const result = await handler(params as never);
        send({ id, result }, method === "shutdown" ? () => process.exit(0) : undefined);
      } catch (thrown) {
        const text = thrown instanceof Error ? thrown.message : String(thrown);
        send({ id, error: { code: HANDLER_FAILED, message: text } });
      }
    },
  };
}

function handlersOf(
  { "media-scan": scan, onEvent, onHook }: Capabilities,
  host: Host,
): Map<string, Handler> {
  const own: [string, Handler][] = [
    ["ping", () => ({ pong: true })],
    ["shutdown", () => ({ ok: true })],
    [
      "event.dispatch",
      async (params: never) => {
        await onEvent?.(params, host);
        return { ok: true };
      },
    ],
    ["hook.dispatch", async (params: never) => ({ data: (await onHook?.(params, host)) ?? null })],
  ];
  if (scan === undefined) return new Map(own);
  return new Map([
    ...own,
    [
      "mediaScan.algorithmVersion",
      async () => ({ algorithmVersion: await scan.algorithmVersion() }),
    ],
    ["mediaScan.scanSingle", (params: never) => scan.scanSingle(params, host)],
    ["mediaScan.scanBatch", (params: never) => scan.scanBatch(params, host)],
  ]);
}

interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

function parse(line: string): Message | undefined {
  try {
    const json: unknown = JSON.parse(line);
    return typeof json === "object" && json !== null && !Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** `onSent`: when the host has been told. */
const send = (message: object, onSent?: () => void): void =>
  void process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`, onSent);

const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 } as const;

// How the host tells a plugin where it is
const readEnvironment = (name: string): string => process.env[name] ?? "";
