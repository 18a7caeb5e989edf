import { readdir, readFile } from "node:fs/promises";
import { cpus } from "node:os";

const LOOK_MS = 2_000;
/** Of all cores, by programs that are none of Upreel's: somebody plays, or works … */
const IN_USE_SHARE = 0.25;
/** … where it is so for a while, … */
const IN_USE_AFTER_MS = 6_000;
/** … and has left where it has not been so for this long: loading screens and pauses are shorter. */
const LEFT_AFTER_MS = 120_000;
/** Of proc(5): clock ticks a second on every Linux that Node runs on. */
const TICKS = 100;
const GPU_BUSY_PERCENT = 30;

/** How much of a computer others use: shares of 0 to 1; undefined: not known. */
export interface OthersLoad {
  readonly processor: number | undefined;
  /** All that a GPU does; asked only while Upreel does nothing there. */
  readonly gpu: number | undefined;
}

/** Whether somebody uses a computer beside Upreel, by what was seen of it until now. */
export function createUseJudge() {
  let [since, until] = [Infinity, -Infinity];
  let isInUse = false;
  return (load: OthersLoad, nowMs: number): boolean => {
    const isBusy =
      (load.processor ?? 0) >= IN_USE_SHARE || (load.gpu ?? 0) * 100 >= GPU_BUSY_PERCENT;
    if (isBusy) until = nowMs;
    since = isBusy ? Math.min(since, nowMs) : Infinity;
    if (isInUse) isInUse = nowMs - until < LEFT_AFTER_MS;
    else isInUse = nowMs - since >= IN_USE_AFTER_MS;
    return isInUse;
  };
}

/** Looks again and again until `signal` aborts; `onChange` is told whether somebody uses this computer. */
export function watchUse(
  {
    isWorking,
    onChange,
  }: { readonly isWorking: () => boolean; readonly onChange: (isInUse: boolean) => void },
  signal: AbortSignal,
): void {
  const judge = createUseJudge();
  let before = total();
  let ownBefore: number | undefined;
  let wasInUse = false;
  async function look(): Promise<void> {
    const [now, own] = [total(), await ownSeconds()];
    const elapsed = now.all - before.all;
    const busy = now.busy - before.busy;
    const mine = own === undefined || ownBefore === undefined ? undefined : own - ownBefore;
    [before, ownBefore] = [now, own];
    const processor = mine === undefined || elapsed <= 0 ? undefined : (busy - mine) / elapsed;
    const gpu = isWorking() ? undefined : await gpuShare();
    const isInUse = judge({ processor, gpu }, performance.now());
    if (isInUse !== wasInUse) onChange(isInUse);
    wasInUse = isInUse;
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

/** Seconds of all cores since the machine was started. */
function total(): { readonly all: number; readonly busy: number } {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, each) => sum + each.idle, 0) / 1_000;
  const busy =
    times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0) / 1_000;
  return { all: idle + busy, busy };
}

/** Seconds of this process and all below it, those that ended included; undefined: no /proc. */
async function ownSeconds(): Promise<number | undefined> {
  const rows = new Map<number, { readonly parent: number; readonly ticks: number }>();
  for (const name of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    // The name, field 2, is in brackets and may hold anything.
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [, parent = 0] = fields;
    const ticks = fields.slice(11, 15).reduce((sum, each) => sum + each, 0);
    if (stat !== "") rows.set(Number(name), { parent, ticks });
  }
  if (rows.size === 0) return undefined;
  const own = new Set([process.pid]);
  for (let before = 0; before !== own.size;) {
    before = own.size;
    for (const [pid, { parent }] of rows) if (own.has(parent)) own.add(pid);
  }
  return [...own].reduce((sum, pid) => sum + (rows.get(pid)?.ticks ?? 0), 0) / TICKS;
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
