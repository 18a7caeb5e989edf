import { copyFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  eventually,
  makeFakeItem,
  makeTempFolder,
  startFakeJellyfin,
  TICKS_PER_SECOND,
} from "@upreel/testkit";
import { CLIENTS, replayClient } from "../../tests/jellyfin/clients.ts";
import { startGateway, type RunningGateway } from "../../tests/support/start-gateway.ts";
import { percentile } from "../soak/resources.ts";
import { measureChanges } from "./changes.ts";
import { FILM_SIZES, makeFilm, type FilmSize } from "./film.ts";
import { printRows, type Row } from "./print-rows.ts";
import type { RunBenchOptions } from "./run.ts";
import { untilMeasured } from "./until-measured.ts";

/** Films played for the first time, of each kind. */
const FILMS = 10;
/** 16:9; the first that this machine makes as fast as it is played is taken. */
const SIZES: readonly FilmSize[] = [
  FILM_SIZES[0],
  { width: 426, height: 240 },
  { width: 320, height: 180 },
  { width: 192, height: 108 },
];

/**
 * How long a client waits for PlaybackInfo through the proxy, and how many of the answers are upscaled:
 * films whose page was opened before, and films that are played out of the blue. And how long a client that
 * changes over in mid-play shows no picture.
 */
export async function benchJellyfin(options: RunBenchOptions): Promise<void> {
  await using folder = await makeTempFolder();
  await using jellyfin = await startFakeJellyfin({ items: [] });
  const dataDir = join(folder.path, "data");
  const env = {
    ...{ JELLYFIN_URL: jellyfin.url, ON_STOP: "cancel", KEEP_UP: "on", MODEL: options.model },
  };
  await using gateway = await startGateway({ dataDir, roots: folder.path, env });
  await untilMeasured(gateway);
  const { film, size } = await filmThatHolds(gateway, folder.path, options);
  const files = await Promise.all(
    Array.from({ length: 2 * FILMS }, async (_, n) => {
      const file = join(folder.path, `film-${n}.mp4`);
      await copyFile(film, file);
      return file;
    }),
  );
  jellyfin.items.push(
    ...files.map((file, n) =>
      makeFakeItem({
        ...{ id: String(n + 1).padStart(32, "0"), path: file, file },
        runTimeTicks: secondsOf(options) * TICKS_PER_SECOND,
        video: { codec: "h264", ...size },
      }),
    ),
  );
  const server = await gateway.proxyUrl();
  const [habits] = CLIENTS;
  if (habits === undefined) throw new Error("no client");

  const play = async (n: number, isPrepared: boolean) => {
    const client = replayClient(habits, server, String(n + 1).padStart(32, "0"));
    if (isPrepared) {
      await client.openItemPage();
      await eventually(`two segments of film ${n}`, async () => {
        return (await segmentsOf(dataDir, files[n] ?? "")) >= 2;
      });
    }
    const begunMs = performance.now();
    const info = await client.playbackInfo(0, 1);
    const tookMs = performance.now() - begunMs;
    const isUpscaled = info.MediaSources[0]?.TranscodingUrl?.includes("/upscale/") === true;
    await client.stop(info, 0);
    return { tookMs, isUpscaled };
  };
  const rows: Row[] = [];
  for (const [what, first] of [
    ["prepared", 0],
    ["unprepared", FILMS],
  ] as const) {
    const plays: Awaited<ReturnType<typeof play>>[] = [];
    for (let n = first; n < first + FILMS; n++) plays.push(await play(n, what === "prepared"));
    const times = plays.map(({ tookMs }) => tookMs);
    const upscaled = plays.filter(({ isUpscaled }) => isUpscaled).length;
    rows.push(
      [`PlaybackInfo of a ${what} film, p50`, percentile(times, 0.5), "ms"],
      [`PlaybackInfo of a ${what} film, p95`, percentile(times, 0.95), "ms"],
      [`${what} films that begin upscaled`, (100 * upscaled) / FILMS, "%"],
    );
  }
  await gateway[Symbol.asyncDispose]();
  rows.push(...(await measureChanges()));
  const picture = `${size.width}x${size.height}`;
  printRows("Jellyfin", `${options.model}, ${picture}`, rows, options.json);
}

const secondsOf = ({ seconds }: RunBenchOptions): number => Math.max(60, seconds);

/** Nothing is made ready of a film that this machine makes too slowly: there would be nothing to measure. */
async function filmThatHolds(
  gateway: RunningGateway,
  folder: string,
  options: RunBenchOptions,
): Promise<{ readonly film: string; readonly size: FilmSize }> {
  let advice = "";
  for (const size of SIZES) {
    const film = join(folder, `tried-${size.height}.mp4`);
    await makeFilm(film, secondsOf(options), size, options.clip);
    const { id } = await gateway.trigger(film);
    const status = await gateway.waitFor(id, (each) => each.advice !== null);
    await fetch(`${gateway.url}/streams/${id}`, { method: "DELETE" });
    if (status.advice === "upscaled") return { film, size };
    advice = status.advice_text ?? "";
    console.error(`${size.width}x${size.height} cannot hold here: ${advice}`);
  }
  throw new Error(
    `no film holds with ${options.model} on this machine, as loaded as it is: ${advice}`,
  );
}

/** Segments of the film `file`, whose stream no list may show yet. */
async function segmentsOf(dataDir: string, file: string): Promise<number> {
  const streams = join(dataDir, "streams");
  for (const id of await readdir(streams).catch(() => [])) {
    const record = await readFile(join(streams, id, "stream.json"), "utf8").catch(() => "");
    if (!record.includes(JSON.stringify(file))) continue;
    const names = await readdir(join(streams, id, "segments")).catch(() => []);
    return names.filter((name) => /^\d+\.ts$/.test(name)).length;
  }
  return 0;
}
