import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openPage } from "./support/chromium.ts";
import { pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { startGateway } from "./support/start-gateway.ts";
import { showing } from "./support/swaps.ts";

const SECONDS = 40;

it("the upscaled picture of a film that is made too slowly comes while the original plays, and stays", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.mkv");
  await makeClip(path, { width: 160, height: 90, rate: 24, seconds: SECONDS });
  await using gateway = await startGateway({
    dataDir: join(folder.path, "data"),
    roots: folder.path,
    env: { FFMPEG: await pacedFfmpeg(folder.path, 0.7), HLS_SEGMENT_TIME: "1" },
  });
  const { player_url: url } = await gateway.trigger(path);
  await using opened = await openPage(url);
  const { page, problems } = opened;
  await showing(page, "original");
  await showing(page, "upscaled");
  await page.waitForFunction(`document.querySelector("video[data-picture=upscaled]").ended`);
  expect(problems).toEqual([]);
});
