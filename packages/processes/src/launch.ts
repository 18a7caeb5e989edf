import { execa } from "execa";

/** A process of ours to start. It is ended with this one, and by SIGKILL: what hangs hears nothing else. */
export interface ChildOrder {
  readonly command: readonly [string, ...string[]];
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** It gets `env` alone: what this process knows (tokens, keys) is not for it. */
  readonly isForeign?: boolean;
  /** What it starts is killed with it; it has to end by itself when its channel closes. One that is foreign has a group, too. */
  readonly hasGroup?: boolean;
  readonly cwd?: string;
  /** Kills it. */
  readonly signal?: AbortSignal | undefined;
  /** `tail`: the end of it is told with the end of the process. */
  readonly stderr: "ignore" | "inherit" | "tail";
}

/** How a process ended. */
export interface ChildEnd {
  readonly exitCode: number | undefined;
  /** By which it was killed. */
  readonly signal: string | undefined;
  /** `exit code 1` or `killed by SIGKILL`. */
  readonly how: string;
  /** The end of what it wrote to stderr. */
  readonly stderr: string;
}

/** More of stderr than this is noise. */
const STDERR_CHARACTERS = 2_000;

/** Starts the process and keeps the end of its stderr; `ended` never rejects. */
export function launch<Ipc extends boolean>(
  {
    command: [file, ...args],
    env,
    isForeign = false,
    hasGroup = isForeign,
    cwd,
    signal,
    stderr,
  }: ChildOrder,
  {
    ipc,
    stdout,
    stdin = "ignore",
  }: {
    readonly ipc: Ipc;
    readonly stdout: "ignore" | "pipe";
    readonly stdin?: "ignore" | "pipe";
  },
) {
  const child = execa(file, args, {
    ...{ ipc, stdout, stdin, reject: false, buffer: false, cleanup: true },
    ...{ stderr: stderr === "tail" ? "pipe" : stderr, killSignal: "SIGKILL" },
    // A group of its own: what it starts ends with it.
    ...{ extendEnv: !isForeign, detached: hasGroup },
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  } as const);
  let tail = "";
  if (stderr === "tail")
    child.stderr?.on("data", (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-STDERR_CHARACTERS);
    });
  const ended: Promise<ChildEnd> = child.then((result) => ({
    ...{ exitCode: result.exitCode, signal: result.signal, stderr: tail.trim() },
    how:
      result.signal === undefined ? `exit code ${result.exitCode}` : `killed by ${result.signal}`,
  }));
  return {
    child,
    ended,
    kill: (): void => {
      if (hasGroup) killGroup(child.pid);
      child.kill("SIGKILL");
    },
    stderrTail: (): string => tail.trim(),
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}
