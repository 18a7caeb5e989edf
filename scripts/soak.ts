import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { eventually, makeClip, makeRandom, makeTempFolder } from "@upreel/testkit";
import { followInVain } from "../tests/support/made-in-vain.ts";
import { childrenOf, startOf } from "../tests/support/processes.ts";
import { recordPlaylists } from "../tests/support/record-playlists.ts";
import { startGateway, type RunningGateway } from "../tests/support/start-gateway.ts";
import { makeKiller } from "./soak/kill.ts";
import { openHandles, percentile, treeMegabytes } from "./soak/resources.ts";
import { startSoakFarm } from "./soak/farm-workers.ts";
import { nothingSeen, watchFilm } from "./soak/viewer.ts";
import { watchSegments } from "./soak/watch-segments.ts";

/**
 * `npm run soak [-- --minutes 10] [--seed 1] [--films 3] [--kill-every 20]
 * [--only gateway] [--log gateway.log] [--farm [--workers 2]]`: viewers that jump about in
 * films that are being made, while gateway, workers and ffmpegs are killed; with `--farm`, so many workers of other
 * machines beside the gateway are killed, stopped and drained in turn with that. Exit code 1 when a segment
 * was lost or made twice, a rule of HLS was broken, or a process, pipe or handle was left.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    films: { type: "string", default: "3" },
    "kill-every": { type: "string", default: "20" },
    only: { type: "string" },
    log: { type: "string" },
    farm: { type: "boolean", default: false },
    workers: { type: "string", default: "2" },
  },
});
/** Of each kind of process: what was killed once may have been lucky. */
const FEWEST_OF_EACH = 2;
const minutes = Number(values.minutes);
const random = makeRandom(Number(values.seed));
const failures: string[] = [];
const expectNone = (what: string, found: readonly unknown[]): void => {
  if (found.length === 0) return;
  const examples = found.slice(0, 5).map((each) => `\n  ${JSON.stringify(each)}`);
  failures.push(`${what}: ${found.length}, for example${examples.join("")}`);
};

await using folder = await makeTempFolder();
const dataDir = join(folder.path, "data");
const playlists = recordPlaylists(dataDir);
const segments = watchSegments(dataDir);
const gateway = await startGateway({
  dataDir,
  roots: folder.path,
  playlists,
  env: { MAX_STREAMS: values.films },
});
const inVain = followInVain(gateway.url);
const farm = values.farm
  ? await startSoakFarm(gateway, folder.path, Number(values.workers), random)
  : undefined;
const seen = nothingSeen();
const killer = makeKiller(random, values.only);
/** Process ids with the times when these processes began: ids are used again. */
const everSeen = new Map<number, string>();
const memory: number[] = [];
const ending = new AbortController();

const ids: string[] = [];
for (let n = 0; n < Number(values.films); n += 1) {
  const path = join(folder.path, `film ${n}.mp4`);
  // Longer than can be made in the time: there is work to be killed until the end.
  await makeClip(path, { width: 320, height: 180, rate: 25, seconds: Math.ceil(minutes * 90) });
  ids.push((await gateway.trigger(path)).id);
}
await Promise.all(ids.map((id) => gateway.waitFor(id, ({ duration_seconds: s }) => s !== null)));
const handlesBefore = (await openHandles(gateway.pid)).length;
console.log(`${ids.length} films, ${minutes} minutes, seed ${values.seed}`);

const watching = ids.map((id) =>
  watchFilm(`${gateway.url}/hls/${id}/stream.m3u8`, seen, random, ending.signal),
);
const endMs = performance.now() + minutes * 60_000;
const killed = async (): Promise<string | undefined> => {
  const victim = await killer.killOne(gateway.pid);
  return victim && `${victim} killed`;
};
let isTurnOfFarm = false;
let killAtMs = performance.now() + Number(values["kill-every"]) * 1000;
while (performance.now() < endMs) {
  await sleep(2000);
  const children = (await childrenOf(gateway.pid)).map(({ pid }) => pid);
  for (const pid of [...children, ...((await farm?.processes()) ?? [])]) {
    const start = await startOf(pid);
    if (start !== undefined) everSeen.set(pid, start);
  }
  memory.push(await treeMegabytes(gateway.pid));
  await inVain.look();
  if (performance.now() < killAtMs) continue;
  isTurnOfFarm = farm !== undefined && !isTurnOfFarm;
  const victim = isTurnOfFarm ? await farm?.strike() : await killed();
  if (victim === undefined) continue;
  const minute = (minutes - (endMs - performance.now()) / 60_000).toFixed(1);
  console.log(`${minute} min: ${seen.segments} segments served, ${victim}`);
  killAtMs += Number(values["kill-every"]) * 1000;
}
ending.abort();
await Promise.allSettled(watching);
const sentByFarm = await farm?.sent();
await farm?.[Symbol.asyncDispose]();
const peakBytes = segments.peakBytes();
await lastRunLeavesNothing(gateway);
const broken = await playlists.finish();
await segments.stop();
const handlesAfter = await openHandles(gateway.pid);
const leftPipes = (await readdir(join(folder.path, "tmp"), { recursive: true })).filter((name) =>
  /(^|\/)upreel-run-[^/]+$/.test(name),
);
await gateway[Symbol.asyncDispose]();

/** Pipes of a killed worker are deleted by the next run: one more film, while nobody is killed. */
async function lastRunLeavesNothing(running: RunningGateway): Promise<void> {
  // The last kill may have been that of the gateway: its connections break off.
  await eventually("the gateway after the last kill", async () => {
    const cancelled = ids.map((id) => running.post(`/streams/${id}/cancel`));
    return Promise.all(cancelled).then(
      () => true,
      () => false,
    );
  });
  const path = join(folder.path, "last.mp4");
  await makeClip(path, { width: 64, height: 36, rate: 25, seconds: 4 });
  const { id } = await running.trigger(path);
  await running.waitFor(id, ({ state }) => state === "complete");
}

/**
 * What most of the last quarter stays below, over the same of the second one, once all is warm: medians
 * tell how many workers had just been killed.
 */
const quarter = Math.floor(memory.length / 4);
const growth =
  percentile(memory.slice(-quarter), 0.9) / percentile(memory.slice(quarter, 2 * quarter), 0.9);
const strikes: readonly (readonly [string, number])[] = [
  ...[...killer.kills].map(([kind, count]) => [`${kind} killed`, count] as const),
  ...(farm?.strikes ?? []),
];
// In a run that is too short for two of each nothing is shown by it.
const isLong = minutes * 60 >= 3 * FEWEST_OF_EACH * strikes.length * Number(values["kill-every"]);
const spared = strikes.filter(([, count]) => count < FEWEST_OF_EACH);
if (isLong) expectNone(`done fewer than ${FEWEST_OF_EACH} times`, spared);
if (sentByFarm === 0) failures.push("no segment came from a worker of the farm");
expectNone("segments lost", seen.lost);
expectNone("segments that changed between two answers", seen.changed);
expectNone("segments made twice", segments.madeTwice);
expectNone("rules of HLS broken", broken);
const left: number[] = [];
for (const [pid, start] of everSeen) if ((await startOf(pid)) === start) left.push(pid);
expectNone("processes left", left);
expectNone("pipes left", leftPipes);
// A connection or two may still be open.
if (handlesAfter.length > handlesBefore + 5) expectNone("open handles", handlesAfter);
if (growth > 1.3) failures.push(`memory grew by ${((growth - 1) * 100).toFixed(0)} %`);

const rows: readonly (readonly [string, string])[] = [
  ["segments served", `${seen.segments}, ${seen.hashes.size} different ones`],
  ["seeks", String(seen.seeks)],
  ["done", strikes.map(([what, count]) => `${what} ${count}×`).join(", ")],
  ...(sentByFarm === undefined
    ? []
    : [["segments of workers of the farm", String(sentByFarm)] as const]),
  [
    "frames made in vain",
    inVain
      .sums()
      .map(([why, count]) => `${why} ${count}`)
      .join(", "),
  ],
  ["answers that broke off and were asked for again", String(seen.retries)],
  [
    "whole segment after a seek, kills and all: p50, p95",
    `${percentile(seen.afterSeekMs, 0.5).toFixed(0)} ms, ${percentile(seen.afterSeekMs, 0.95).toFixed(0)} ms`,
  ],
  ["versions of live playlists that were checked", String(playlists.versionCount())],
  [
    "memory, all processes: median at the end",
    `${percentile(memory.slice(-quarter), 0.5).toFixed(0)} MB`,
  ],
  ["memory: end over beginning", growth.toFixed(2)],
  ["disk used by segments at most", `${(peakBytes / 1e6).toFixed(1)} MB`],
];
for (const [what, figure] of rows) console.log(`${what}: ${figure}`);
for (const failure of failures) console.error(`FAIL ${failure}`);
console.log(failures.length === 0 ? "soak passed" : "soak failed");
if (values.log !== undefined) await writeFile(values.log, gateway.logLines.join("\n"));
process.exitCode = failures.length === 0 ? 0 : 1;
