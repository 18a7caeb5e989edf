import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { eventually } from "@upreel/testkit";
import { SeenPositions } from "./seen-positions.ts";

const run = promisify(execFile);
const LONGEST_MS = 180_000;
/** Its null audio output says so after a pause for want of data: https://github.com/mpv-player/mpv/issues/13267 */
const SPURIOUS = "[ao/null] illegal state: start() while paused";

/** Plays `seconds` of a URL in a real mpv without a window; what it decoded. */
export async function playInMpv(url: string, seconds: number) {
  const { stdout } = await run(
    "mpv",
    [
      ...["--no-config", "--vo=null", "--ao=null", "--msg-level=all=warn,cplayer=info"],
      ...[`--length=${seconds}`, url],
    ],
    { timeout: LONGEST_MS },
  ).catch(sayOutput);
  const size = /VO: \[null\] (\d+)x(\d+)/.exec(stdout);
  return { width: Number(size?.[1]), height: Number(size?.[2]), output: stdout };
}

/** mpv says on its standard output why it failed; the error of a failed command has only the other one. */
function sayOutput(error: Error & { stdout?: string; code?: number; signal?: string }): never {
  const { message, stdout, code, signal } = error;
  throw new Error(`${message}\nended with ${signal ?? code}; it said: ${stdout}`, { cause: error });
}

/** A real mpv without a window, driven over its JSON IPC. */
export async function openMpv(args: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), "upreel-mpv-"));
  const socketPath = join(folder, "ipc");
  const child = spawn(
    "mpv",
    [
      ...["--no-config", "--vo=null", "--ao=null", "--msg-level=all=warn", "--no-terminal"],
      // Until somebody listens: where it began would be missed.
      "--pause",
      ...[`--input-ipc-server=${socketPath}`, `--log-file=${join(folder, "log")}`, ...args],
    ],
    { stdio: "ignore" },
  );
  const ended = once(child, "exit").then(() => undefined);
  const socket = await eventually("mpv's socket", () => openSocket(socketPath));
  const seen = new SeenPositions();
  const noteAt = (at: unknown): void => {
    if (typeof at === "number") seen.note(at);
  };
  const answers = new Map<number, (answer: { data?: unknown; error: string }) => void>();
  let lastId = 0;
  const lines = createInterface({ input: socket });
  // The reader of lines tells of a socket that mpv's end has cut, too.
  lines.on("error", () => {});
  lines.on("line", (line) => {
    const message = JSON.parse(line) as {
      request_id?: number;
      event?: string;
      data?: unknown;
      error?: string;
    };
    if (message.event === "property-change") noteAt(message.data);
    if (message.request_id === undefined) return;
    answers.get(message.request_id)?.({ data: message.data, error: message.error ?? "" });
  });
  socket.on("error", () => {});
  const command = async (...words: (string | number | boolean)[]): Promise<unknown> => {
    const id = ++lastId;
    const { promise, resolve } = Promise.withResolvers<{ data?: unknown }>();
    answers.set(id, resolve);
    socket.write(`${JSON.stringify({ command: words, request_id: id })}\n`);
    return (await promise).data;
  };
  const property = (name: string): Promise<unknown> => command("get_property", name);
  await Promise.race([command("observe_property", 1, "time-pos"), ended]);
  await Promise.race([command("set_property", "pause", false), ended]);
  return {
    command,
    seek(seconds: number, ...flags: string[]): Promise<unknown> {
      seen.jump();
      return command("seek", seconds, "absolute", ...flags);
    },
    property,
    ended,
    /** Waits until it plays on from about `seconds`. */
    async playsFrom(seconds: number): Promise<void> {
      await eventually(`mpv plays from ${seconds} s`, () => seen.playsFrom(seconds, 0.5));
    },
    /** Waits for its end; where it was then. */
    async lastPosition(): Promise<number> {
      let hasEnded = false;
      void ended.then(() => (hasEnded = true));
      await eventually("the end of the film", () => hasEnded);
      return seen.last ?? 0;
    },
    /** Errors and failures that it logged. */
    async problems(): Promise<string[]> {
      const log = await readFile(join(folder, "log"), "utf8");
      return log
        .split("\n")
        .filter((line) => /\]\[(e|f)\]\[/.test(line) && !line.includes(SPURIOUS));
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openSocket(path: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, "connect");
  return socket;
}
