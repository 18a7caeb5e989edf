import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually, makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { playInChromium } from "../tests/support/hls-page.ts";
import { openMpv, playInMpv } from "../tests/support/mpv.ts";
import { letHurry, pacedFfmpeg } from "../tests/support/paced-ffmpeg.ts";
import { startGateway } from "../tests/support/start-gateway.ts";
import { startNginx } from "./testing/start-nginx.ts";

const SECONDS = 12;
/** As long as a container takes to start again. */
const AWAY_MS = 4000;

it("a film plays through nginx while it is made, from its archive, and without the gateway", async () => {
  await using folder = await makeTempFolder();
  const dataDir = join(folder.path, "data");
  const env = { FFMPEG: await pacedFfmpeg(folder.path, 2) };
  await using gateway = await startGateway({ dataDir, roots: folder.path, env });
  await using nginx = await startNginx(gateway.url, dataDir);
  const film = (name: string, seconds: number): Promise<string> =>
    makeClip(join(folder.path, name), { width: 192, height: 108, rate: 24, seconds });
  const path = await film("film.mp4", 20);
  const { id } = await gateway.trigger(path);
  const liveUrl = `${nginx.url}/hls/${id}/live.m3u8`;
  const [mpv, chromium] = await Promise.all([
    playInMpv(liveUrl, 4),
    playInChromium(`${nginx.url}/watch/${id}`, 3),
  ]);
  expect(mpv).toMatchObject({ width: 384, height: 216 });
  expect(chromium).toMatchObject({ width: 384, height: 216, errors: [] });

  await gateway.waitFor(id, (status) => status.state === "complete");
  for (const name of ["live.m3u8", "stream.m3u8"]) {
    const played = await playInMpv(`${nginx.url}/hls/${id}/${name}`, 3);
    expect(played).toMatchObject({ width: 384, height: 216 });
  }

  const { id: unfinished } = await gateway.trigger(await film("long.mp4", 120));
  await gateway.waitFor(unfinished, (status) => status.segments_ready >= 6);
  // What is listed goes by the clock, however much is made: a player begins three segments before the end.
  await eventually("a list of some seconds", async () => {
    const list = await (await fetch(`${nginx.url}/hls/${unfinished}/live.m3u8`)).text();
    return list.split("#EXTINF").length > 4;
  });
  await gateway.kill();
  for (const name of [`${unfinished}/live.m3u8`, `${id}/stream.m3u8`]) {
    const played = await playInMpv(`${nginx.url}/hls/${name}`, 3);
    expect(played).toMatchObject({ width: 384, height: 216 });
  }
});

it("mpv plays on to the end while the whole gateway is killed and is away for a while", async () => {
  await using folder = await makeTempFolder();
  const dataDir = join(folder.path, "data");
  // However quick this machine is, most of it is still to be made when nobody is there to make it.
  const env = { FFMPEG: await pacedFfmpeg(folder.path, 0.5) };
  const options = { dataDir, roots: folder.path, env };
  const first = await startGateway(options);
  await using nginx = await startNginx(first.url, dataDir);
  const path = join(folder.path, "film.mp4");
  await makeClip(path, { width: 192, height: 108, rate: 25, seconds: SECONDS });
  const { id } = await first.trigger(path);
  await first.waitFor(id, (status) => status.segments_ready >= 2);
  await first.post(`/streams/${id}/pause`);
  // No more of it in memory than what is shown, so that it has to ask while nobody is there.
  const lean = ["--cache=no", "--demuxer-readahead-secs=0", "--demuxer-max-bytes=64KiB"];
  await using mpv = await openMpv([...lean, `${nginx.url}/hls/${id}/stream.m3u8`]);
  await mpv.playsFrom(1);
  await first.kill();
  const asked = fetch(`${nginx.url}/status/${id}`);
  await sleep(AWAY_MS);
  await letHurry(folder.path);
  await using second = await startGateway({ ...options, port: Number(new URL(first.url).port) });
  expect((await asked).status).toBe(200);
  await second.post(`/streams/${id}/resume`);
  await mpv.playsFrom(SECONDS - 6);
  expect(await mpv.lastPosition()).toBeGreaterThan(SECONDS - 2);
  // Its last segment is played before the film is archived.
  const done = await second.waitFor(id, ({ state }) => state === "complete");
  expect(done.frames_done).toBe(SECONDS * 25);
});
