import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { RecordedCall } from "./recording.ts";

/** A plugin that runs as Upreel runs it, in a process of its own, with a test in Upreel's place. */
export interface PluginInTest extends AsyncDisposable {
  /** Rejects with what the plugin says went wrong, and when it ends before it answers. */
  call(method: string, params?: object): Promise<unknown>;
  /** All calls up to now, with their answers: a recording. */
  readonly calls: readonly RecordedCall[];
  /** Lines of its log (stderr) so far: one can come later than an answer that was sent after it. */
  readonly log: readonly string[];
}

export interface StartOptions {
  /** Over the defaults of `configuration` in its plugin.json. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Ends it, and whatever waits for it. */
  readonly signal?: AbortSignal;
}

/** As much of a plugin.json as it takes to start one. */
interface Manifest {
  readonly id: string;
  readonly engine: "node" | "python" | "bun" | "binary";
  readonly entry: string;
  readonly configuration?: readonly { readonly key: string; readonly default?: unknown }[];
}

interface Answer {
  readonly id?: unknown;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Starts the plugin in `folder`; settles when it is ready. */
export async function startPlugin(
  folder: string,
  { config = {}, signal }: StartOptions = {},
): Promise<PluginInTest> {
  const manifest = JSON.parse(await readFile(join(folder, "plugin.json"), "utf8")) as Manifest;
  const scratch = await mkdtemp(join(tmpdir(), "plugin-test-"));
  const whole = { ...defaultsOf(manifest), ...config };
  const [command, ...parameters] = commandOf(manifest, folder);
  const child = spawn(command, parameters, {
    cwd: folder,
    env: environmentOf(manifest, scratch, whole),
    stdio: ["pipe", "pipe", "pipe"],
    killSignal: "SIGKILL",
    ...(signal === undefined ? {} : { signal }),
  });
  const log: string[] = [];
  const calls: RecordedCall[] = [];
  const waiting = new Map<string, PromiseWithResolvers<unknown>>();
  const ready = Promise.withResolvers<void>();
  let count = 0;
  const say = (message: object): void =>
    void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const fail = (why: string): void => {
    const error = new Error(`${manifest.id}: ${why}; its last words: ${log.slice(-3).join(" / ")}`);
    ready.reject(error);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { id, method, result, error } = parse(line);
    if (method === "ready") return ready.resolve();
    if (method === "host.getConfig") return say({ id, result: whole });
    if (method !== undefined) return;
    const call = waiting.get(String(id));
    waiting.delete(String(id));
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(`${manifest.id}: ${JSON.stringify(error)}`));
  });
  // What it does not read any more is told when it ends.
  child.stdin.on("error", () => undefined);
  child.on("error", (error) => fail(error.message));
  child.on("close", (code, by) => fail(`it ended (${by ?? `exit code ${code}`})`));
  try {
    await ready.promise;
  } catch (thrown) {
    await rm(scratch, { recursive: true, force: true });
    throw thrown;
  }
  return {
    calls,
    log,
    async call(method, params = {}) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`${manifest.id}: it has ended`);
      const id = `test-${(count += 1)}`;
      const answered = Promise.withResolvers<unknown>();
      waiting.set(id, answered);
      say({ id, method, params });
      const result = await answered.promise;
      calls.push({ method, params, result });
      return result;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        const closed = once(child, "close");
        child.kill("SIGKILL");
        await closed;
      }
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

function commandOf({ engine, entry }: Manifest, folder: string): readonly [string, ...string[]] {
  const path = resolve(folder, entry);
  if (engine === "node") return [process.execPath, path];
  if (engine === "python") return ["python3", "-u", path];
  return engine === "bun" ? ["bun", "run", path] : [path];
}

/** What Upreel gives, and nothing of the test's own. */
function environmentOf(
  { id }: Manifest,
  scratch: string,
  config: object,
): Readonly<Record<string, string>> {
  return {
    ...{ PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8", HOME: scratch, TMPDIR: scratch },
    ...{ AVIATO_PLUGIN_ID: id, AVIATO_PLUGIN_LOG_LEVEL: "info", AVIATO_PLUGIN_TMP_DIR: scratch },
    AVIATO_PLUGIN_CONFIG: JSON.stringify(config),
  };
}

const defaultsOf = ({ configuration = [] }: Manifest): Record<string, unknown> =>
  Object.fromEntries(
    configuration.flatMap(({ key, default: value }) => (value === undefined ? [] : [[key, value]])),
  );

/** Throws for what would break the protocol: `console.log` without the SDK. */
function parse(line: string): Answer {
  try {
    return Object(JSON.parse(line)) as Answer;
  } catch {
    return { method: "rubbish" };
  }
}
