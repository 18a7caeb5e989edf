import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { errnoOf } from "@upreel/files";

const execute = promisify(execFile);

/** What NVIDIA's driver tells of the GPUs now; undefined: it does not tell. */
export interface NvidiaLook {
  /** Of the hottest, in °C. */
  readonly celsius: number | undefined;
  /** All that the busiest one does, 0 to 1. */
  readonly busy: number | undefined;
  /** What other programs than `own` do on the busiest one, 0 to 1; only where it names programs of `own` as well. */
  readonly others: number | undefined;
}

export interface NvidiaSmi {
  /** `own`: process ids of Upreel's programs. Never rejects. */
  look(own: ReadonlySet<number>): Promise<NvidiaLook>;
}

/** A driver that hangs is asked again with the next look. */
const LONGEST_MS = 10_000;
const NOTHING: NvidiaLook = { celsius: undefined, busy: undefined, others: undefined };
const GPUS = ["--query-gpu=temperature.gpu,utilization.gpu", "--format=csv,noheader,nounits"];
/** One sample of each program, which takes about a second. */
const PROGRAMS = ["pmon", "-c", "1", "-s", "u"];

/** By `nvidia-smi`. Where it is not installed it is not asked again. */
export function createNvidiaSmi(program = "nvidia-smi"): NvidiaSmi {
  let isMissing = false;

  async function ask(args: readonly string[]): Promise<string> {
    try {
      return (await execute(program, args, { timeout: LONGEST_MS, killSignal: "SIGKILL" })).stdout;
    } catch (error) {
      if (errnoOf(error) === "ENOENT") isMissing = true;
      return "";
    }
  }

  return {
    async look(own) {
      if (isMissing) return NOTHING;
      const gpus = parseGpus(await ask(GPUS));
      if (gpus.length === 0) return NOTHING;
      const busy = highest(gpus.map((gpu) => gpu.percent));
      return {
        celsius: highest(gpus.map((gpu) => gpu.celsius)),
        busy: busy === undefined ? undefined : busy / 100,
        others: busy === undefined || busy === 0 ? busy : othersShare(await ask(PROGRAMS), own),
      };
    },
  };
}

/** `41, 3`: a line for each GPU; `[N/A]` where one does not tell. */
const parseGpus = (text: string) =>
  text
    .split("\n")
    .map((line) => line.split(",").map((field) => field.trim()))
    .filter((fields) => fields.length === 2)
    .map(([celsius, percent]) => ({ celsius: toNumber(celsius), percent: toNumber(percent) }));

/** Columns: GPU, process id, C or G, and how busy it keeps the GPU, in percent. Lines that begin with # name them. */
function othersShare(text: string, own: ReadonlySet<number>): number | undefined {
  const programs = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trim().split(/\s+/))
    .map(([gpu, pid, , percent]) => ({ gpu, pid: toNumber(pid), percent: toNumber(percent) ?? 0 }))
    .filter(({ pid }) => pid !== undefined);
  // In a container the driver names processes as the host knows them: Upreel's own would count as others'.
  if (!programs.some(({ pid }) => own.has(pid ?? 0))) return undefined;
  const shares = new Map<string | undefined, number>();
  for (const { gpu, pid, percent } of programs)
    if (!own.has(pid ?? 0)) shares.set(gpu, (shares.get(gpu) ?? 0) + percent / 100);
  return Math.min(Math.max(0, ...shares.values()), 1);
}

const toNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

function highest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.flatMap((value) => value ?? []);
  return known.length === 0 ? undefined : Math.max(...known);
}
