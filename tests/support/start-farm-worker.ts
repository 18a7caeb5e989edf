import { once } from "node:events";
import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { farmAnswerSchema, farmJoinSchema, type FarmWorker } from "@upreel/core";
import { eventually } from "@upreel/testkit";

const CLI = fileURLToPath(new URL("../../apps/gateway/src/cli.ts", import.meta.url));

/** A real worker of a farm, in a process of its own. */
export interface FarmWorkerProcess extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly logLines: readonly string[];
  /** What the gateway tells of it. */
  see(): Promise<FarmWorker>;
  /** SIGKILL, and waits for its end. */
  kill(): Promise<void>;
}

export interface FarmWorkerOptions {
  /** Before its command line: where it is run. */
  readonly enter?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where it finds the gateway; undefined: where that says. */
  readonly joinUrl?: string | undefined;
}

/** Lets a worker join as its user would, and waits until it is there and was measured. */
export async function startFarmWorker(
  gateway: { readonly url: string },
  folder: string,
  name: string,
  { enter = [], env = {}, joinUrl }: FarmWorkerOptions = {},
): Promise<FarmWorkerProcess> {
  const added = await fetch(`${gateway.url}/farm/workers`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name }),
  });
  const { key, join: addresses } = farmJoinSchema.parse(await added.json());
  const temporary = join(folder, `${name}-tmp`);
  await mkdir(temporary, { recursive: true });
  const address = joinUrl ?? addresses[0] ?? "";
  const line = [...enter, process.execPath, CLI, "worker", "--join", address];
  const child = spawn(line[0] ?? "", line.slice(1), {
    env: {
      ...process.env,
      ...{ TMPDIR: temporary, DATA_DIR: join(folder, name), KEEP_UP: "off", LOG_LEVEL: "debug" },
      ...env,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(`${key}\n`);
  const logLines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => logLines.push(line));
  const see = async (): Promise<FarmWorker> => {
    const answer = farmAnswerSchema.parse(await (await fetch(`${gateway.url}/farm`)).json());
    const found = answer.workers.find((worker) => worker.name === name);
    if (found === undefined) throw new Error(`no worker ${name}`);
    return found;
  };
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  await eventually(`the worker ${name}`, async () => {
    if (child.exitCode !== null) throw new Error(`it left:\n${logLines.join("\n")}`);
    return (await see()).state === "idle";
  });
  return {
    ...{ name, pid: child.pid ?? 0 },
    logLines,
    see,
    kill: () => kill("SIGKILL"),
    [Symbol.asyncDispose]: () => kill("SIGTERM"),
  };
}
