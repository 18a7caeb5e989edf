import { readdir, readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { createNvidiaSmi, type NvidiaLook, type NvidiaSmi } from "../hardware/nvidia-smi.ts";
import { createOwnProcesses } from "./own-processes.ts";

const LOOK_MS = 2_000;
/** Somebody plays, or works, where other programs take their share for a while, … */
const IN_USE_AFTER_MS = 6_000;
/** … and has left where it has not been so for this long: loading screens and pauses are shorter. */
const LEFT_AFTER_MS = 120_000;
/** Of looks: NVIDIA's driver takes a while to answer. */
const NVIDIA_EVERY = 4;
const GPU_BUSY_PERCENT = 30;

/** How much of a computer others use: shares of 0 to 1; undefined: not known. */
export interface OthersLoad {
  readonly processor: number | undefined;
  /** Of a GPU: by others or, while Upreel does nothing there, all that it does. */
  readonly gpu: number | undefined;
}

/**
 * Whether somebody uses a computer beside Upreel, by what was seen of it until now. `inUseShare`: of all cores, by programs that are none of Upreel's;
 * 0 to 1.
 */
export function createUseJudge(inUseShare: number) {
  let [since, until] = [Infinity, -Infinity];
  let isInUse = false;
  return (load: OthersLoad, nowMs: number): boolean => {
    const isBusy = (load.processor ?? 0) >= inUseShare || (load.gpu ?? 0) * 100 >= GPU_BUSY_PERCENT;
    if (isBusy) until = nowMs;
    since = isBusy ? Math.min(since, nowMs) : Infinity;
    if (isInUse) isInUse = nowMs - until < LEFT_AFTER_MS;
    else isInUse = nowMs - since >= IN_USE_AFTER_MS;
    return isInUse;
  };
}

/** What is seen of a computer beside what Upreel does there. */
export interface SeenUse {
  /** Somebody else uses it. */
  readonly isInUse: boolean;
  /** Of its hottest GPU, where the driver tells. */
  readonly gpuCelsius: number | undefined;
}

export interface WatchUseParts {
  readonly isWorking: () => boolean;
  /** Of all cores by others, from which the computer counts as in use; 0 to 1. */
  readonly inUseShare: number;
  /** Called with each look. */
  readonly onLook: (seen: SeenUse) => void;
  readonly nvidia?: NvidiaSmi;
}

/** Looks again and again until `signal` aborts. */
export function watchUse(
  { isWorking, inUseShare, onLook, nvidia = createNvidiaSmi() }: WatchUseParts,
  signal: AbortSignal,
): void {
  const judge = createUseJudge(inUseShare);
  const processor = createProcessorMeter(inUseShare);
  let gpus: NvidiaLook | undefined;
  let looks = 0;
  async function look(): Promise<void> {
    const share = await processor.othersShare();
    if (looks++ % NVIDIA_EVERY === 0) gpus = await nvidia.look(processor.ownPids());
    const nvidiaShare = isWorking() ? gpus?.others : gpus?.busy;
    const gpu = isWorking() ? nvidiaShare : (nvidiaShare ?? (await gpuShare()));
    const isInUse = judge({ processor: share, gpu }, performance.now());
    onLook({ isInUse, gpuCelsius: gpus?.celsius });
  }
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => (isLooking = false));
  }, LOOK_MS);
  timer.unref();
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

/** How much of all cores others use. */
function createProcessorMeter(inUseShare: number) {
  const own = createOwnProcesses();
  let before = total();
  let ownBefore: number | undefined;
  return {
    ownPids: () => own.pids,
    /** Since the last call; undefined: not known. */
    async othersShare(): Promise<number | undefined> {
      const now = total();
      const shareBeside = (seconds: number | undefined): number | undefined =>
        seconds === undefined || ownBefore === undefined || now.all <= before.all
          ? undefined
          : (now.busy - before.busy - (seconds - ownBefore)) / (now.all - before.all);
      let seconds: number | undefined = await own.knownSeconds();
      // What Upreel began since the last look is found where it matters: to read all processes takes a while.
      if (!((shareBeside(seconds) ?? Infinity) < inUseShare)) seconds = await own.look();
      const share = shareBeside(seconds);
      [before, ownBefore] = [now, seconds];
      return share;
    },
  };
}

/** Seconds of all cores since the machine was started. */
function total(): { readonly all: number; readonly busy: number } {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, each) => sum + each.idle, 0) / 1_000;
  const busy =
    times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0) / 1_000;
  return { all: idle + busy, busy };
}

/** The busiest GPU, as its driver tells (amdgpu, and others that keep to it). */
async function gpuShare(): Promise<number | undefined> {
  const cards = (await readdir("/sys/class/drm").catch(() => [])).filter((name) =>
    /^card\d+$/.test(name),
  );
  const shares = await Promise.all(
    cards.map(async (card) => {
      const text = await readFile(`/sys/class/drm/${card}/device/gpu_busy_percent`, "utf8").catch(
        () => "",
      );
      return text === "" ? undefined : Number(text) / 100;
    }),
  );
  const known = shares.flatMap((share) => share ?? []);
  return known.length === 0 ? undefined : Math.max(...known);
}
