import { join } from "node:path";
import { eventually } from "@upreel/testkit";
import { childrenOf } from "../../../tests/support/processes.ts";
import { makeStampedFilm } from "../../../tests/support/stamped-film.ts";
import { startFarmWorker } from "../../../tests/support/start-farm-worker.ts";
import type { RunningGateway } from "../../../tests/support/start-gateway.ts";
import { openCpuGroup } from "../../slow/slow-down.ts";
import type { Row } from "../print-rows.ts";
import {
  FILM_SIZE,
  startTrialGateway,
  startTrialWorker,
  type FarmGround,
  type TrialWorker,
} from "./farm.ts";

/** Of a core, for each worker: what all of them and the gateway take together leaves the machine idle. */
const WORKER_CORES = 0.1;
/** Cores of workers that are not alike; together those of four that are. */
const MIXED_CORES = [0.05, 0.15, 0.2];
/** Of film, for each worker: a trial takes as long with four of them as with one. */
const FILM_SECONDS = 100;
const FILMS = 8;
const RATE = 24;
const SEGMENT_SECONDS = 2;
/** Of a film that is large enough to ask for all of the processor. */
const HEAVY = { width: 640, height: 360, seconds: 20 };
const PAIRS = 3;

/**
 * Frames a second, by segments that are published: from when each worker has sent one, so that none of them is still
 * starting, to the last one of all films.
 */
async function timeFilms(
  gateway: RunningGateway,
  films: readonly string[],
  workers: readonly Pick<TrialWorker, "see">[],
): Promise<number> {
  const ids: string[] = [];
  for (const [n, film] of films.entries()) ids.push((await gateway.trigger(film, `Film ${n}`)).id);
  const count = async (): Promise<{ readonly ready: number; readonly left: number }> => {
    const all = await Promise.all(ids.map((id) => gateway.status(id)));
    const ready = all.reduce((sum, { segments_ready }) => sum + segments_ready, 0);
    // Of a film that is not planned yet nobody knows how many there are.
    const total = all.reduce((sum, { segments_total }) => sum + (segments_total ?? Infinity), 0);
    return { ready, left: total - ready };
  };
  const first = await eventually("a segment of each worker", async () => {
    const sent = await Promise.all(workers.map(async (worker) => (await worker.see()).segments));
    const { ready } = await count();
    return ready > 0 && sent.every((segments) => segments > 0) ? ready : undefined;
  });
  const begunMs = performance.now();
  const isOver = async (): Promise<boolean> => (await count()).left === 0;
  await eventually("all films", isOver, 900_000);
  const { ready } = await count();
  return ((ready - first) * SEGMENT_SECONDS * RATE * 1_000) / (performance.now() - begunMs);
}

/** Workers with so many cores each, on hosts of their own; the gateway makes nothing. */
async function timeWorkers(
  ground: FarmGround,
  cores: readonly number[],
  filmCount: number,
): Promise<number> {
  const name = `speeds-${cores.length}-${filmCount}-${performance.now().toFixed(0)}`;
  const totalSeconds = (FILM_SECONDS * sumOf(cores)) / WORKER_CORES;
  const films: string[] = [];
  for (let n = 0; n < filmCount; n++) {
    const path = join(ground.folder, `${name}-${n}.mp4`);
    const seconds = SEGMENT_SECONDS * Math.ceil(totalSeconds / filmCount / SEGMENT_SECONDS);
    films.push(await makeStampedFilm(path, { ...FILM_SIZE, seconds }));
  }
  await using stack = new AsyncDisposableStack();
  const gateway = stack.use(await startTrialGateway(ground, name, { env: { FARM: "only" } }));
  const workers: TrialWorker[] = [];
  for (const [n, share] of cores.entries()) {
    const worker = stack.use(await startTrialWorker(ground, gateway, n, {}));
    workers.push(worker);
    // Once it is there: how long it starts is no part of its speed.
    const group = stack.use(await openCpuGroup(share));
    await group.take([worker.pid, ...(await childrenOf(worker.pid)).map(({ pid }) => pid)]);
  }
  return await timeFilms(gateway, films, workers);
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);

/** 1, 2 and 4 workers that are alike, and some that are not, on one film or on several. */
async function measureScaling(ground: FarmGround, filmCount: number): Promise<Row[]> {
  const what = filmCount === 1 ? "one film" : `${filmCount} films`;
  const rows: Row[] = [];
  let alone = 0;
  const alike = [1, 2, 4].map((count) => Array<number>(count).fill(WORKER_CORES));
  for (const cores of [...alike, MIXED_CORES]) {
    const fps = await timeWorkers(ground, cores, filmCount);
    if (cores.length === 1) alone = fps;
    const share = (100 * fps * WORKER_CORES) / (alone * sumOf(cores));
    const who =
      cores === MIXED_CORES ? `workers of ${cores.join(", ")} cores` : `${cores.length} alike`;
    rows.push([`${what}, ${who}: of as many times one alone`, share, "%"]);
    console.error(`${what}, ${who}: ${fps.toFixed(1)} fps, ${share.toFixed(0)} %`);
  }
  return rows;
}

export const measureOneFilm = (ground: FarmGround): Promise<Row[]> => measureScaling(ground, 1);
export const measureManyFilms = (ground: FarmGround): Promise<Row[]> =>
  measureScaling(ground, FILMS);

/** A worker beside a gateway that makes nothing, against the gateway's own place: real work on the same cores. */
export async function measureBeside(ground: FarmGround): Promise<Row[]> {
  const film = join(ground.folder, "heavy.mp4");
  await makeStampedFilm(film, HEAVY);
  const ratios: number[] = [];
  for (let n = 0; n < PAIRS; n++) {
    const local = await (async () => {
      await using gateway = await startTrialGateway(ground, `here-${n}`, { isAlone: true });
      return await timeFilms(gateway, [film], []);
    })();
    const worker = await (async () => {
      const [name, env] = [`beside-${n}`, { FARM: "only" }];
      await using gateway = await startTrialGateway(ground, name, { env, isAlone: true });
      await using _ = await startFarmWorker(gateway, join(ground.folder, name), "beside", {
        env: { MODELS_DIR: ground.models, MAX_STREAMS: "1" },
      });
      return await timeFilms(gateway, [film], []);
    })();
    console.error(`here ${local.toFixed(1)} fps, by a worker ${worker.toFixed(1)} fps`);
    ratios.push(worker / local);
  }
  const [middle = 0] = ratios.toSorted((a, b) => a - b).slice(Math.floor(PAIRS / 2));
  return [["one worker beside the gateway, of the gateway's own place", 100 * middle, "%"]];
}
