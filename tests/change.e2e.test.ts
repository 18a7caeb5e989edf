import { stat } from "node:fs/promises";
import { join } from "node:path";
import {
  makeFakeItem,
  makeTempFolder,
  runFfmpeg,
  startFakeJellyfin,
  TICKS_PER_SECOND,
} from "@upreel/testkit";
import { expect, it } from "vitest";
import { changeOver } from "./jellyfin/measure-change.ts";
import { openWebClient } from "./jellyfin/web-client.ts";
import { openBrowser } from "./support/chromium.ts";
import { startGateway } from "./support/start-gateway.ts";

const ID = "1".repeat(32);
const SECONDS = 180;

it("a client is told to change over when all that it then asks for is ready, and goes on at its place", async () => {
  await using folder = await makeTempFolder();
  const film = join(folder.path, "film.mp4");
  await runFfmpeg([
    ...["-f", "lavfi", "-i", `testsrc2=s=128x72:r=12:d=${SECONDS}`],
    ...[440, 880].flatMap((hertz) => [
      ...["-f", "lavfi", "-i", `sine=frequency=${hertz}:sample_rate=48000:duration=${SECONDS}`],
    ]),
    ...["-map", "0", "-map", "1", "-map", "2", "-c:v", "libx264", "-preset", "ultrafast"],
    ...["-g", "24", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "32k", "-ac", "2", film],
  ]);
  await using jellyfin = await startFakeJellyfin({
    items: [
      makeFakeItem({
        ...{ id: ID, path: film, file: film, runTimeTicks: SECONDS * TICKS_PER_SECOND },
        ...{ bitrate: 100_000, video: { codec: "h264", width: 128, height: 72 } },
        audio: ["eng", "deu"].map((language) => ({ codec: "aac", language, channels: 2 })),
      }),
    ],
  });
  const dataDir = join(folder.path, "data");
  await using gateway = await startGateway({
    ...{ dataDir, roots: folder.path },
    env: {
      ...{ JELLYFIN_URL: jellyfin.url, JELLYFIN_API_KEY: jellyfin.apiKey, START: "original" },
      MODEL: "upreel-x2-live16x0-int8",
    },
  });
  await using browser = await openBrowser();
  const server = await gateway.proxyUrl();
  await using client = await openWebClient(browser, { server, itemId: ID, deviceId: "web" });
  await client.play({ seconds: 20, audio: 2, subtitle: -1 });
  const change = await changeOver(client);
  expect((await client.plays()).map(({ kind, error }) => [kind, error])).toEqual([
    ["file", null],
    ["hls", null],
  ]);
  // Those that it begins with: until a slow browser shows a picture, it asks for more.
  const kindOf = (path: string): string => path.replace(/\d{6}\.ts$/, "");
  const first = change.pieces.filter(
    (path, k) => change.pieces.findIndex((other) => kindOf(other) === kindOf(path)) === k,
  );
  // The chosen sound is one of its own, which is made when it is asked for.
  expect(first.some((path) => path.includes("/audio/2-"))).toBe(true);
  for (const path of first) {
    const [, id = "", kind = ""] = /\/hls\/([^/]+)\/(.*)/.exec(path) ?? [];
    const own = join(dataDir, "streams", id, kind.replace("audio/", "renditions/audio/"));
    const { archive } = await stat(own).then(
      () => ({ archive: undefined }),
      async () => ({ archive: (await gateway.status(id)).file }),
    );
    const { mtimeMs } = await stat(archive ?? own);
    expect([path, mtimeMs <= change.orderedAtMs]).toEqual([path, true]);
  }
  const figures = Object.entries(change).filter(([name]) => /[a-z]Ms$/.test(name));
  console.info(figures.map(([name, ms]) => `${name} ${Math.round(Number(ms))}`).join(", "));
});
