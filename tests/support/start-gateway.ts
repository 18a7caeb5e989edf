import { once } from "node:events";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  streamStatusSchema,
  triggerAnswerSchema,
  type StreamStatus,
  type TriggerAnswer,
} from "@upreel/core";
import { eventually, freePort } from "@upreel/testkit";
import { childrenOf, isAlive } from "./processes.ts";
import type { PlaylistRecorder } from "./record-playlists.ts";

const CLI = fileURLToPath(new URL("../../apps/gateway/src/cli.ts", import.meta.url));
/** One that is not there by then hangs. */
const START_MS = 120_000;

/** A real gateway process on a free port. */
export interface RunningGateway extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Where Jellyfin is answered, with JELLYFIN_URL in `env`. */
  proxyUrl(): Promise<string>;
  readonly logLines: readonly string[];
  trigger(path: string, title?: string): Promise<TriggerAnswer>;
  status(id: string): Promise<StreamStatus>;
  /** Follows the stream's events until `until` holds; rejects when it fails first, or at the deadline. */
  waitFor(
    id: string,
    until: (status: StreamStatus) => boolean,
    deadlineMs?: number,
  ): Promise<StreamStatus>;
  post(path: string): Promise<Response>;
  /** SIGKILL of supervisor and gateway at once, and waits for their end. */
  kill(): Promise<void>;
  /** Process id of the gateway below its supervisor. */
  gatewayProcess(): Promise<number>;
}

export interface GatewayOptions {
  readonly dataDir: string;
  readonly roots: string;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Looks at its playlists from now on. */
  readonly playlists?: PlaylistRecorder;
}

/** Starts `upreel serve` as a user would and waits until it listens. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const temporary = join(options.dataDir, "..", "tmp");
  await mkdir(temporary, { recursive: true });
  const child = spawn(process.execPath, [CLI, "serve"], {
    env: {
      ...process.env,
      // In the test's own folder, which takes with it what a killed gateway leaves.
      TMPDIR: temporary,
      PORT: String(options.port ?? (await freePort())),
      PROXY_PORT: "0",
      PROXY_HOST: "127.0.0.1",
      DATA_DIR: options.dataDir,
      MEDIA_ROOTS: options.roots,
      VIDEO_ENCODER: "libx264",
      // One network, whatever else this machine does: runs then end only when a test ends them.
      KEEP_UP: "off",
      // They would take the processor in pauses that tests look at.
      SCANS: "off",
      LOG_LEVEL: "debug",
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const logLines: string[] = [];
  const url = await listeningUrl(child, logLines);
  options.playlists?.serveFrom(url);

  const status = async (id: string): Promise<StreamStatus> =>
    streamStatusSchema.parse(await (await fetch(`${url}/status/${id}`)).json());
  const gatewayProcess = async (): Promise<number> =>
    eventually("the gateway process", async () =>
      (await childrenOf(child.pid ?? 0)).find(({ command }) => command.includes("cli.ts gateway")),
    ).then(({ pid }) => pid);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    const inner = (await childrenOf(child.pid ?? 0)).find(({ parent }) => parent === child.pid);
    child.kill("SIGKILL");
    if (inner !== undefined) process.kill(inner.pid, "SIGKILL");
    await exited;
    await eventually("the end of the gateway", () => inner === undefined || !isAlive(inner.pid));
  };
  return {
    url,
    pid: child.pid ?? 0,
    logLines,
    status,
    kill,
    gatewayProcess,
    proxyUrl: () =>
      eventually("the address of the proxy", () =>
        logLines
          .map((line) => /open (http:[^ ]+) instead of/.exec(line)?.[1])
          .find((found) => found !== undefined),
      ),
    post: (path) => fetch(`${url}${path}`, { method: "POST" }),
    async trigger(path, title = "A film") {
      const response = await fetch(`${url}/upscale-trigger`, {
        method: "POST",
        body: JSON.stringify({ Item: { Path: path, Name: title } }),
      });
      return triggerAnswerSchema.parse(await response.json());
    },
    waitFor: (id, until, deadlineMs = 360_000) => followStatus(url, id, until, deadlineMs),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    },
  };
}

async function listeningUrl(child: ChildProcess, logLines: string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      logLines.push(line);
      const match = /listening on (http:\/\/[^\s;"]+)/.exec(line);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
  }
  child.once("exit", (code) =>
    reject(new Error(`the gateway left with ${code}:\n${logLines.join("\n")}`)),
  );
  const timer = setTimeout(() => {
    child.kill("SIGKILL");
    reject(new Error(`no gateway:\n${logLines.join("\n")}`));
  }, START_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

async function followStatus(
  url: string,
  id: string,
  until: (status: StreamStatus) => boolean,
  deadlineMs: number,
): Promise<StreamStatus> {
  const signal = AbortSignal.timeout(deadlineMs);
  let last: StreamStatus | undefined;
  try {
    const response = await fetch(`${url}/events?id=${id}`, { signal });
    let text = "";
    for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(
      new TextDecoderStream(),
    )) {
      text += chunk;
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        const parsed = streamStatusSchema.safeParse(JSON.parse(data ?? "null"));
        if (!parsed.success) continue;
        last = parsed.data;
        if (until(last)) return last;
      }
    }
    throw new Error("the events ended");
  } catch (cause) {
    throw new Error(`stream ${id} did not get there; last: ${JSON.stringify(last)}`, { cause });
  }
}
