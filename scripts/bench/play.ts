import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeTempFolder } from "@upreel/testkit";
import { startGateway, type RunningGateway } from "../../tests/support/start-gateway.ts";
import { readAlong } from "./farm/read-along.ts";
import { FILM_SIZES, makeFilm } from "./film.ts";
import { printRows } from "./print-rows.ts";
import { changesOf, type RungSeen } from "./rung-changes.ts";
import type { RunBenchOptions } from "./run.ts";
import { untilMeasured } from "./until-measured.ts";

const LOOK_EVERY_MS = 100;

/**
 * A film of 480 lines that somebody watches from its first second to its last: how it begins, how often its network
 * changes, and whether it ever stands still.
 */
export async function benchPlay(options: RunBenchOptions): Promise<void> {
  await using folder = await makeTempFolder();
  const film = join(folder.path, "film.mp4");
  await makeFilm(film, options.seconds, FILM_SIZES[1], options.clip);
  await using gateway = await startGateway({
    dataDir: join(folder.path, "data"),
    roots: folder.path,
    env: { MODEL: options.model, KEEP_UP: "on" },
  });
  await untilMeasured(gateway);
  const beganMs = performance.now();
  const { id } = await gateway.trigger(film);
  const end = new AbortController();
  const seen: RungSeen[] = [];
  const watched = watchRungs(gateway, id, beganMs, seen, end.signal);
  const played = await readAlong(`${gateway.url}/hls/${id}/live.m3u8`, end.signal);
  end.abort();
  await watched;
  const { changes, closestSeconds, backWithinMinute } = changesOf(seen);
  printRows(
    `A film of 480 lines, ${options.seconds} s, played to its end`,
    options.model,
    [
      ["trigger → first segment", played.firstSeconds, "s"],
      ["changes of the network", changes, ""],
      ...(changes > 1 ? [["closest two of them", closestSeconds, "s apart"] as const] : []),
      ["back to the one before within a minute", backWithinMinute, "times"],
      ["times the film stood still", played.stalls, ""],
      ["longest of them", played.longestStallSeconds, "s"],
    ],
    options.json,
  );
  if (options.json) return;
  for (const { atSeconds, model } of seen) console.log(`${atSeconds.toFixed(1)} s: ${model}`);
}

/** Adds to `seen` what makes the film, whenever that is another than before. */
async function watchRungs(
  gateway: RunningGateway,
  id: string,
  beganMs: number,
  seen: RungSeen[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const { model } = await gateway.status(id);
    const atSeconds = (performance.now() - beganMs) / 1_000;
    if (model !== null && model !== seen.at(-1)?.model) seen.push({ atSeconds, model });
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
