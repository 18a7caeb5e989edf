import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { eventually } from "@upreel/testkit";
import { openLine } from "../../../tests/support/line.ts";
import { readInVain } from "../../../tests/support/made-in-vain.ts";
import { signalTree } from "../../../tests/support/processes.ts";
import { makeStampedFilm, readStamps } from "../../../tests/support/stamped-film.ts";
import type { RunningGateway } from "../../../tests/support/start-gateway.ts";
import {
  FILM_SIZE,
  startTrialGateway,
  startTrialWorker,
  type FarmGround,
  type TrialWorker,
  type TrialWorkerOptions,
} from "./farm.ts";
import { GATEWAY_HOST } from "./hosts.ts";
import { readAlong } from "./read-along.ts";
import { startRubbishWorker } from "../../../tests/support/rubbish-worker.ts";
import { makeWrongClock } from "../../../tests/support/wrong-clock.ts";

const run = promisify(execFile);
const FILM_SECONDS = 60;
/** Of the gateway and of each worker, in film seconds a second: two of three keep up. */
const SPEED = 0.7;
const CABLE_OUT_MS = 10_000;
const STOPPED_MS = 8_000;
const HOUR_MS = 3_600_000;

/** What is done to the first of two workers. */
interface Fault {
  readonly what: string;
  /** How it is started. */
  readonly options?: (
    ground: FarmGround,
    gateway: RunningGateway,
    stack: AsyncDisposableStack,
  ) => Promise<Partial<TrialWorkerOptions>>;
  /** Once it has sent a segment; how it was done, where that differs from machine to machine. */
  readonly strike?: (worker: TrialWorker, gateway: RunningGateway) => Promise<string | undefined>;
}

const FAULTS: readonly Fault[] = [
  { what: "nothing" },
  {
    what: "kill -9",
    async strike(worker) {
      await signalTree(worker.pid, "SIGKILL");
      return undefined;
    },
  },
  {
    what: `SIGSTOP for ${STOPPED_MS / 1_000} s, and back`,
    async strike(worker) {
      await signalTree(worker.pid, "SIGSTOP");
      await sleep(STOPPED_MS);
      await signalTree(worker.pid, "SIGCONT");
      return undefined;
    },
  },
  {
    what: `cable pulled for ${CABLE_OUT_MS / 1_000} s`,
    async strike({ host }) {
      await host.setCable(false);
      await sleep(CABLE_OUT_MS);
      await host.setCable(true);
      return undefined;
    },
  },
  {
    what: "2 % of packets lost",
    strike: async ({ host }) => (await host.lose(0.02)) ?? "not possible here",
  },
  {
    what: "200 ms of delay",
    async options(_, gateway, stack) {
      const line = stack.use(await openLine(Number(new URL(gateway.url).port), GATEWAY_HOST));
      line.delayMs = 100;
      return { joinUrl: `http://worker-0@${GATEWAY_HOST}:${line.port}` };
    },
  },
  {
    what: "disk full at the worker",
    options: async (_, __, stack) => ({
      async onTemporary(folder) {
        await run("mount", ["-t", "tmpfs", "-o", "size=4m", "upreel-farm", folder]);
        stack.defer(async () => void (await run("umount", [folder])));
      },
    }),
    async strike({ temporary }) {
      await writeFile(join(temporary, "full"), Buffer.alloc(8_000_000)).catch(() => undefined);
      return undefined;
    },
  },
  ...[HOUR_MS, -HOUR_MS].map((shiftMs) => ({
    what: `its clock is ${shiftMs > 0 ? "ahead" : "behind"} by an hour`,
    options: async ({ folder }: FarmGround) => ({ env: await makeWrongClock(folder, shiftMs) }),
  })),
  {
    what: "a third worker answers rubbish",
    async options(_, gateway, stack) {
      stack.use(await startRubbishWorker(gateway.url));
      return {};
    },
  },
];

/** What became of a film that a gateway and two workers made while something befell the first of these. */
export interface FaultResult {
  readonly what: string;
  readonly how: string | undefined;
  readonly isWhole: boolean;
  /** Segments that were published more often than once, or not. */
  readonly notOnce: number;
  /** Of a hundred frames of the film so many more were made in vain. */
  readonly inVainPercent: number;
  readonly madeSeconds: number;
  readonly firstSeconds: number;
  readonly longestStallSeconds: number;
  readonly stalls: number;
}

export async function tryFaults(ground: FarmGround, only: string): Promise<FaultResult[]> {
  const results: FaultResult[] = [];
  for (const [n, fault] of FAULTS.entries()) {
    if (!fault.what.includes(only)) continue;
    const result = await tryFault(ground, fault, n);
    console.error(JSON.stringify(result));
    results.push(result);
  }
  return results;
}

async function tryFault(ground: FarmGround, fault: Fault, n: number): Promise<FaultResult> {
  const film = join(ground.folder, `fault-${n}.mp4`);
  await makeStampedFilm(film, { ...FILM_SIZE, seconds: FILM_SECONDS });
  await using stack = new AsyncDisposableStack();
  const gateway = stack.use(await startTrialGateway(ground, `fault-${n}`, { speed: SPEED }));
  const options = (await fault.options?.(ground, gateway, stack)) ?? {};
  const first = stack.use(await startTrialWorker(ground, gateway, 0, { speed: SPEED, ...options }));
  stack.use(await startTrialWorker(ground, gateway, 1, { speed: SPEED }));
  const beganMs = performance.now();
  const { id, hls_url } = await gateway.trigger(film);
  const reading = readAlong(hls_url, AbortSignal.timeout(600_000));
  let how: string | undefined;
  if (fault.strike !== undefined) {
    await eventually("a segment of the first worker", async () => (await first.see()).segments > 0);
    how = await fault.strike(first, gateway);
  }
  const made = await gateway.waitFor(id, ({ state }) => state === "complete", 600_000);
  const madeSeconds = (performance.now() - beganMs) / 1_000;
  const { firstSeconds, longestStallSeconds, stalls } = await reading;
  const published = gateway.logLines
    .map((line) => Number(/ended: \w+, (\d+) segments of/.exec(line)?.[1] ?? 0))
    .reduce((sum, count) => sum + count, 0);
  const stamps = await readStamps(made.file ?? "");
  const frames = FILM_SECONDS * 24;
  const { late: _, ...inVain } = Object.fromEntries(await readInVain(gateway.url));
  const framesInVain = Object.values(inVain).reduce((sum, count) => sum + count, 0);
  const isWhole = stamps.length === frames && stamps.every((stamp, frame) => stamp === frame);
  await rm(film);
  return {
    ...{ what: fault.what, how, isWhole, madeSeconds, firstSeconds, longestStallSeconds, stalls },
    notOnce: published - (made.segments_total ?? 0),
    inVainPercent: (100 * framesInVain) / frames,
  };
}
