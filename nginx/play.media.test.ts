import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { playInChromium, playInMpv } from "../tests/support/players.ts";
import { startGateway } from "../tests/support/start-gateway.ts";
import { startNginx } from "./testing/start-nginx.ts";

it("a film plays through nginx while it is made, from its archive, and unfinished without the gateway", async () => {
  await using folder = await makeTempFolder();
  const dataDir = join(folder.path, "data");
  await using gateway = await startGateway({ dataDir, roots: folder.path });
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
  await gateway.kill();
  const played = await playInMpv(`${nginx.url}/hls/${unfinished}/live.m3u8`, 3);
  expect(played).toMatchObject({ width: 384, height: 216 });
});
