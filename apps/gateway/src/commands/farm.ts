import { UpreelError, type FarmWorker, type WorkerLimitsChange } from "@upreel/core";
import { loadConfig } from "../config.ts";
import { isLoopback } from "../config/is-loopback.ts";
import { changeLimits, changeWorker, gatewayUrl, joinFarm, readFarm } from "./gateway-client.ts";

/** `upreel farm`: one line for each worker. */
export async function listFarm(): Promise<void> {
  const config = loadConfig();
  const { workers } = await readFarm(gatewayUrl(config), config.apiToken);
  if (workers.length === 0) console.log("no workers yet; `upreel farm add NAME` lets one join");
  for (const worker of workers) console.log(workerLine(worker));
}

/** `upreel farm add NAME`: prints the line to type on the other computer. */
export async function addWorker(name: string): Promise<void> {
  const config = loadConfig();
  const { key, join } = await joinFarm(gatewayUrl(config), config.apiToken, name);
  const [first, ...others] = join;
  console.log(
    `on ${name}, in the folder of Upreel, run:\n\n  npm run worker -- --join ${first}\n\n` +
      `It asks once for this key, which is shown only now:\n\n  ${key}\n`,
  );
  if (first === undefined || isLoopback(new URL(first).hostname))
    console.log(
      "Only this computer can reach that address: start the gateway with HOST=0.0.0.0, or set PUBLIC_URL.",
    );
  if (others.length > 0) console.log(`other addresses of this gateway: ${others.join(" ")}`);
  console.log("Where nobody can type it, set it as FARM_KEY.");
}

/** `upreel farm remove|pause|drain|resume NAME`. */
export async function tellWorker(
  name: string,
  what: "remove" | "pause" | "drain" | "resume",
): Promise<void> {
  const config = loadConfig();
  await changeWorker(gatewayUrl(config), config.apiToken, name, what);
}

/** As they were typed. */
export interface LimitOptions {
  readonly streams?: string;
  readonly hours?: string;
  readonly weight?: string;
  readonly mbit?: string;
  readonly whileInUse?: string;
}

/** `upreel farm set NAME`. */
export async function limitWorker(name: string, options: LimitOptions): Promise<void> {
  const config = loadConfig();
  await changeLimits(gatewayUrl(config), config.apiToken, name, parseLimits(options));
}

/** What the gateway checks. Throws `bad_request` for what cannot be told to it. */
export function parseLimits({
  streams,
  hours,
  weight,
  mbit,
  whileInUse,
}: LimitOptions): WorkerLimitsChange {
  const number = (text: string | undefined): number | null | undefined =>
    text === undefined ? undefined : text === "none" ? null : Number(text);
  if (whileInUse !== undefined && !["on", "off"].includes(whileInUse)) {
    throw new UpreelError("bad_request", "--while-in-use cannot be that", {
      expected: "on or off",
      got: whileInUse,
    });
  }
  return {
    ...{ streams: number(streams), weight: number(weight), megabits: number(mbit) },
    hours: hours === "none" ? null : hours,
    while_in_use: whileInUse === undefined ? undefined : whileInUse === "on",
  };
}

/** In words; empty where there are none. */
const limitsLine = ({
  limits: { streams, hours, weight, megabits, while_in_use },
}: FarmWorker): string =>
  [
    streams === null ? [] : `at most ${streams} at a time`,
    hours === null ? [] : `only ${hours}`,
    weight === null ? [] : `weight ${weight}`,
    megabits === null ? [] : `at most ${megabits} Mbit/s each way`,
    while_in_use ? [] : "not while it is in use",
  ]
    .flat()
    .join(", ");

const workerLine = (worker: FarmWorker): string =>
  [
    worker.name.padEnd(20),
    worker.state.padEnd(9),
    worker.state === "working" ? `${worker.fps.toFixed(1)} frames/s` : undefined,
    ...worker.runs.map(
      (run) => `${run.title}, segments ${run.from_segment} to ${run.to_segment - 1}`,
    ),
    limitsLine(worker) || undefined,
    worker.hardware,
    worker.gpu_celsius === null ? undefined : `GPU ${Math.round(worker.gpu_celsius)} °C`,
    worker.problem === null ? undefined : `last problem: ${worker.problem}`,
  ]
    .filter((part) => part !== undefined && part !== null)
    .join("  ");
