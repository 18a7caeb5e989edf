import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { eventually } from "./eventually.ts";
import { freePort } from "./free-port.ts";
import { makeTempFolder } from "./temp-folder.ts";

/** A real Valkey or Redis server of a test, in a folder of its own; what it was told survives `kill`. */
export interface ValkeyServer extends AsyncDisposable {
  readonly url: string;
  /** By SIGKILL; settles when it is gone. */
  kill(): Promise<void>;
  /** On the same port, with what it knew. */
  start(): Promise<void>;
  /** One command of words without spaces; settles when it is answered. */
  tell(...command: readonly string[]): Promise<void>;
  /** Stands still: connections stay, and nothing is answered; `resume` lets it do all that it was told meanwhile. */
  pause(): void;
  resume(): void;
}

const PROGRAMS = ["valkey-server", "redis-server"] as const;

export async function startValkey(): Promise<ValkeyServer> {
  const program = PROGRAMS.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (program === undefined) throw new Error(`none of ${PROGRAMS.join(", ")} is installed`);
  const folder = await makeTempFolder();
  const port = await freePort();
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const args = [
      ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder.path, "--save", ""],
      ...["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"],
    ];
    const started = spawn(program ?? "", args, { stdio: ["ignore", "pipe", "inherit"] });
    server = started;
    let said = "";
    started.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    await eventually(`${program} takes connections`, () => {
      if (started.exitCode !== null) throw new Error(said);
      return said.includes("Ready to accept connections");
    });
  }
  async function kill(): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, "exit");
    server.kill("SIGKILL");
    await gone;
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    ...{ kill, start },
    tell: (...command) => tellServer(port, command.join(" ")),
    pause: () => void server?.kill("SIGSTOP"),
    resume: () => void server?.kill("SIGCONT"),
    async [Symbol.asyncDispose]() {
      await kill();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function tellServer(port: number, command: string): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.setEncoding("utf8").write(`${command}\r\n`);
  const [answer] = await once(socket, "data");
  socket.destroy();
  if (String(answer).startsWith("-")) throw new Error(`${command}: ${answer}`);
}
