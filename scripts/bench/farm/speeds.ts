import { join } from "node:path";
import { eventually } from "@upreel/testkit";
import { makeStampedFilm } from "../../../tests/support/stamped-film.ts";
import { startFarmWorker } from "../../../tests/support/start-farm-worker.ts";
import type { RunningGateway } from "../../../tests/support/start-gateway.ts";
import type { Row } from "../print-rows.ts";
import {
  FILM_SIZE,
  startTrialGateway,
  startTrialWorker,
  type FarmGround,
  type TrialWorker,
} from "./farm.ts";

const WORKER_SPEED = 2;
const FILM_SECONDS = 120;
const FILMS = 4;
const RATE = 24;
/** Of a film that is large enough to ask for all of the processor. */
const HEAVY = { width: 640, height: 360, seconds: 20 };
const PAIRS = 3;

/** Frames a second from the first segment of all films to the last one. */
async function timeFilms(gateway: RunningGateway, films: readonly string[]): Promise<number> {
  const ids: string[] = [];
  for (const [n, film] of films.entries()) ids.push((await gateway.trigger(film, `Film ${n}`)).id);
  let begunMs: number | undefined;
  let [first, last] = [0, 0];
  await eventually(
    "all films",
    async () => {
      const all = await Promise.all(ids.map((id) => gateway.status(id)));
      const done = all.reduce((sum, { frames_done }) => sum + frames_done, 0);
      const total = all.reduce((sum, { frames_total }) => sum + (frames_total ?? 0), 0);
      if (begunMs === undefined && done > 0) [begunMs, first] = [performance.now(), done];
      last = done;
      return total > 0 && done >= total;
    },
    900_000,
  );
  return ((last - first) * 1_000) / (performance.now() - (begunMs ?? 0));
}

/** As many workers as `speeds` has, on hosts of their own; the gateway makes nothing. */
async function timeWorkers(
  ground: FarmGround,
  speeds: readonly number[],
  films: readonly string[],
): Promise<number> {
  const name = `speeds-${speeds.length}-${films.length}-${performance.now().toFixed(0)}`;
  await using stack = new AsyncDisposableStack();
  const gateway = stack.use(await startTrialGateway(ground, name, { env: { FARM: "only" } }));
  const workers: TrialWorker[] = [];
  for (const [n, speed] of speeds.entries())
    workers.push(stack.use(await startTrialWorker(ground, gateway, n, { speed })));
  return await timeFilms(gateway, films);
}

/** 1, 2 and 4 workers that are alike on one film and on several, and some that are not. */
export async function measureScaling(ground: FarmGround): Promise<Row[]> {
  const film = join(ground.folder, "long.mp4");
  await makeStampedFilm(film, { ...FILM_SIZE, seconds: FILM_SECONDS });
  const several: string[] = [];
  for (let n = 0; n < FILMS; n++) {
    const path = join(ground.folder, `one-of-several-${n}.mp4`);
    await makeStampedFilm(path, { ...FILM_SIZE, seconds: FILM_SECONDS / FILMS + n });
    several.push(path);
  }
  const rows: Row[] = [];
  for (const [what, films] of [
    ["one film", [film]],
    [`${FILMS} films`, several],
  ] as const) {
    let alone = 0;
    for (const count of [1, 2, 4]) {
      const fps = await timeWorkers(ground, Array<number>(count).fill(WORKER_SPEED), films);
      if (count === 1) alone = fps;
      const share = (100 * fps) / (alone * count);
      rows.push([`${what}, ${count} workers: share of ${count} × one`, share, "%"]);
      console.error(`${what}, ${count} workers: ${fps.toFixed(1)} fps, ${share.toFixed(0)} %`);
    }
  }
  const mixed = [1, 2, 3];
  const fps = await timeWorkers(ground, mixed, [film]);
  const sum = mixed.reduce((all, speed) => all + speed, 0) * RATE;
  rows.push(["one film, workers of 1×, 2× and 3×: share of the sum", (100 * fps) / sum, "%"]);
  return rows;
}

/** A worker beside a gateway that makes nothing, against the gateway's own place: real work on the same cores. */
export async function measureBeside(ground: FarmGround): Promise<Row[]> {
  const film = join(ground.folder, "heavy.mp4");
  await makeStampedFilm(film, HEAVY);
  const ratios: number[] = [];
  for (let n = 0; n < PAIRS; n++) {
    const local = await (async () => {
      await using gateway = await startTrialGateway(ground, `here-${n}`, { isAlone: true });
      return await timeFilms(gateway, [film]);
    })();
    const worker = await (async () => {
      const [name, env] = [`beside-${n}`, { FARM: "only" }];
      await using gateway = await startTrialGateway(ground, name, { env, isAlone: true });
      await using _ = await startFarmWorker(gateway, join(ground.folder, name), "beside", {
        env: { MODELS_DIR: ground.models, MAX_STREAMS: "1" },
      });
      return await timeFilms(gateway, [film]);
    })();
    console.error(`here ${local.toFixed(1)} fps, by a worker ${worker.toFixed(1)} fps`);
    ratios.push(worker / local);
  }
  const [middle = 0] = ratios.toSorted((a, b) => a - b).slice(Math.floor(PAIRS / 2));
  return [["one worker beside the gateway, of the gateway's own place", 100 * middle, "%"]];
}
