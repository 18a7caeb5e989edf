import { join } from "node:path";
import { segmentFileName } from "@upreel/core";
import { eventually, makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openChromium } from "./support/hls-page.ts";
import { pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { startGateway } from "./support/start-gateway.ts";

const SIZE = { width: 160, height: 88 } as const;
const SECONDS = 120;
const SEGMENT_SECONDS = 2;
/** Segments that are upscaled before it is paused, at least. */
const MADE = 8;

it("hls.js goes on without upscaling where a segment is not upscaled yet, and comes back once it is", async () => {
  await using folder = await makeTempFolder();
  const film = await makeClip(join(folder.path, "film.mp4"), {
    ...{ ...SIZE, rate: 25, seconds: SECONDS },
    // Grain, which a larger picture has more of, while the film in its own size is bounded.
    extraArgs: ["-vf", "noise=alls=22:allf=t", "-crf", "20"],
  });
  await using gateway = await startGateway({
    ...{ dataDir: join(folder.path, "data"), roots: folder.path },
    env: { MODEL: "lanczos", SCALE: "2", FFMPEG: await pacedFfmpeg(folder.path, 3) },
  });
  const { id } = await gateway.trigger(film);
  await gateway.waitFor(id, ({ segments_ready: ready }) => ready >= MADE);
  await gateway.post(`/streams/${id}/pause`);
  const { segments_ready: made } = await gateway.status(id);
  const stream = `${gateway.url}/hls/${id}`;
  // Made before: on a busy machine they would come as slowly as that makes them, and hls.js would take that for the line.
  for (const lines of [SIZE.height, SIZE.height / 2]) await fetchLower(`${stream}/lower/${lines}p`);

  // With 60 MB ahead, as it is by default, this film would be over.
  const config = { maxBufferLength: 8, maxMaxBufferLength: 8 };
  await using player = await openChromium(gateway.url, `${stream}/master.m3u8?ladder=on`, 0, {
    config,
  });
  await player.showsLines(2 * SIZE.height);
  const end = SEGMENT_SECONDS * made;
  await player.playsFrom(end + 4);
  expect(await gateway.status(id)).toMatchObject({ state: "paused", segments_ready: made });
  expect((await player.segments()).at(-1)).toContain("/lower/");

  await gateway.post(`/streams/${id}/resume`);
  await gateway.waitFor(id, ({ state }) => state === "complete");
  const then = (await player.segments()).length;
  await eventually("an upscaled segment", async () =>
    (await player.segments()).slice(then).some((path) => !path.includes("/lower/")),
  );
  await player.showsLines(2 * SIZE.height);
  expect(player.problems()).toEqual([]);
});

async function fetchLower(url: string): Promise<void> {
  for (let k = 0; k < SECONDS / SEGMENT_SECONDS; k += 1) {
    const segment = await fetch(`${url}/${segmentFileName(k)}`);
    await segment.arrayBuffer();
  }
}
