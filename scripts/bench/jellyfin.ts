import { copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  eventually,
  makeFakeItem,
  makeTempFolder,
  startFakeJellyfin,
  TICKS_PER_SECOND,
} from "@upreel/testkit";
import { CLIENTS, replayClient } from "../../tests/jellyfin/clients.ts";
import { startGateway } from "../../tests/support/start-gateway.ts";
import { percentile } from "../soak/resources.ts";
import { makeFilm } from "./film.ts";
import { printRows, type Row } from "./print-rows.ts";
import type { RunBenchOptions } from "./run.ts";
import { untilMeasured } from "./until-measured.ts";

/** Films played for the first time, of each kind. */
const FILMS = 10;

/**
 * How long a client waits for PlaybackInfo through the proxy, and how many of the answers are upscaled:
 * films whose page was opened before, and films that are played out of the blue.
 */
export async function benchJellyfin({
  json,
  clip,
  seconds,
  model,
}: RunBenchOptions): Promise<void> {
  await using folder = await makeTempFolder();
  const film = clip ?? (await makeFilm(join(folder.path, "film.mp4"), Math.max(60, seconds)));
  const items = await Promise.all(
    Array.from({ length: 2 * FILMS }, async (_, n) => {
      const file = join(folder.path, `film-${n}.mp4`);
      await copyFile(film, file);
      return makeFakeItem({
        ...{ id: String(n + 1).padStart(32, "0"), path: file, file },
        runTimeTicks: Math.max(60, seconds) * TICKS_PER_SECOND,
        video: { codec: "h264", width: 640, height: 360 },
      });
    }),
  );
  await using jellyfin = await startFakeJellyfin({ items });
  const dataDir = join(folder.path, "data");
  const env = { JELLYFIN_URL: jellyfin.url, ON_STOP: "cancel", MODEL: model };
  await using gateway = await startGateway({ dataDir, roots: folder.path, env });
  await untilMeasured(gateway);
  const server = await gateway.proxyUrl();
  const [habits] = CLIENTS;
  if (habits === undefined) throw new Error("no client");

  const segments = async (): Promise<number> => {
    const files = await readdir(join(dataDir, "streams"), { recursive: true }).catch(() => []);
    return files.filter((name) => /segments\/\d+\.ts$/.test(name)).length;
  };
  const play = async (n: number, isPrepared: boolean) => {
    const client = replayClient(habits, server, items[n]?.id ?? "");
    if (isPrepared) {
      const before = await segments();
      await client.openItemPage();
      await eventually("two segments", async () => (await segments()) >= before + 2, 60_000);
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
  printRows("Jellyfin", model, rows, json);
}
