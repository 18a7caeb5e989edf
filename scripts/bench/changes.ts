import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import {
  makeClip,
  makeFakeItem,
  makeTempFolder,
  startFakeJellyfin,
  TICKS_PER_SECOND,
} from "@upreel/testkit";
import { changeOver, type MeasuredChange } from "../../tests/jellyfin/measure-change.ts";
import { openWebClient } from "../../tests/jellyfin/web-client.ts";
import { openBrowser } from "../../tests/support/chromium.ts";
import { startGateway } from "../../tests/support/start-gateway.ts";
import { percentile } from "../soak/resources.ts";
import type { Row } from "./print-rows.ts";
import { untilMeasured } from "./until-measured.ts";

/** Films played once each. */
const CHANGES = 6;
const SECONDS = 120;
const FROM_SECONDS = 20;
/** So small that the processor is the browser's while it changes over. */
const SIZE = { width: 128, height: 72 };

/**
 * How long the picture is away when Jellyfin's web client, in Chromium, changes from the original to the
 * upscaled film in mid-play: from the order until a picture of the other one is seen.
 */
export async function measureChanges(): Promise<Row[]> {
  await using folder = await makeTempFolder();
  const files = await makeFilms(folder.path);
  await using jellyfin = await startFakeJellyfin({
    items: files.map((file, n) =>
      makeFakeItem({
        ...{ id: idOf(n), path: file, file, runTimeTicks: SECONDS * TICKS_PER_SECOND },
        ...{ bitrate: 100_000, video: { codec: "h264", ...SIZE } },
      }),
    ),
  });
  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: folder.path },
    env: {
      ...{ JELLYFIN_URL: jellyfin.url, JELLYFIN_API_KEY: jellyfin.apiKey, START: "original" },
      ...{ MODEL: "upreel-x2-live16x0-int8", ON_STOP: "cancel" },
    },
  });
  await untilMeasured(gateway);
  await using browser = await openBrowser();
  const server = await gateway.proxyUrl();
  const changes: MeasuredChange[] = [];
  for (let n = 0; n < CHANGES; n += 1) {
    const asked = { server, itemId: idOf(n), deviceId: `web-${n}` };
    await using client = await openWebClient(browser, asked);
    await client.play({ seconds: FROM_SECONDS, audio: 1, subtitle: -1 });
    changes.push(await changeOver(client));
  }
  const row = (what: string, of: (change: MeasuredChange) => number): Row[] => [
    [`change in mid-play: ${what}, p50`, percentile(changes.map(of), 0.5), "ms"],
    [`change in mid-play: ${what}, p95`, percentile(changes.map(of), 0.95), "ms"],
  ];
  return [
    ...row("order to picture", ({ pictureMs }) => pictureMs),
    ...row("of that, waited for answers", ({ waitedMs }) => waitedMs),
  ];
}

const idOf = (n: number): string => String(n + 1).padStart(32, "c");

async function makeFilms(folder: string): Promise<readonly string[]> {
  const first = await makeClip(join(folder, "film-0.mp4"), {
    ...{ ...SIZE, rate: 12, seconds: SECONDS, extraArgs: ["-g", "24"] },
  });
  const files = Array.from({ length: CHANGES }, (_, n) => join(folder, `film-${n}.mp4`));
  for (const file of files.slice(1)) await copyFile(first, file);
  return files;
}
