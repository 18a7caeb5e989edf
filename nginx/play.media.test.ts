import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { playInChromium, playInMpv } from "../tests/support/players.ts";
import { startGateway } from "../tests/support/start-gateway.ts";
import { startNginx } from "./testing/start-nginx.ts";

it("a film plays through nginx while it is made, and what is made goes on playing without the gateway", async () => {
  await using folder = await makeTempFolder();
  const dataDir = join(folder.path, "data");
  await using gateway = await startGateway({ dataDir, roots: folder.path });
  await using nginx = await startNginx(gateway.url, dataDir);
  const path = await makeClip(join(folder.path, "film.mp4"), {
    width: 192,
    height: 108,
    rate: 24,
    seconds: 20,
  });
  const { id } = await gateway.trigger(path);
  const liveUrl = `${nginx.url}/hls/${id}/live.m3u8`;
  const [mpv, chromium] = await Promise.all([
    playInMpv(liveUrl, 4),
    playInChromium(`${nginx.url}/watch/${id}`, 3),
  ]);
  expect(mpv).toMatchObject({ width: 384, height: 216 });
  expect(chromium).toMatchObject({ width: 384, height: 216, errors: [] });

  await gateway.waitFor(id, (status) => status.state === "complete");
  await gateway.kill();
  expect(await playInMpv(liveUrl, 3)).toMatchObject({ width: 384, height: 216 });
});
