import { join } from "node:path";
import { makeClip, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openMpv } from "./support/mpv.ts";
import { recordPlaylists } from "./support/record-playlists.ts";
import { startGateway } from "./support/start-gateway.ts";
import { throttleWorkers } from "./support/throttle.ts";

const SECONDS = 180;
const WANTED = "upreel-x2-full16";

it("a stream whose workers are slowed down takes a faster model, and goes back to the wanted one", async () => {
  await using folder = await makeTempFolder();
  const dataDir = join(folder.path, "data");
  const playlists = recordPlaylists(dataDir);
  const env = { KEEP_UP: "on", MODEL: WANTED, MAX_STREAMS: "1", THREADS: "0" };
  await using gateway = await startGateway({ dataDir, roots: folder.path, playlists, env });
  const path = join(folder.path, "film.mp4");
  await makeClip(path, { width: 192, height: 108, rate: 24, seconds: SECONDS });
  const { id, hls_url: url } = await gateway.trigger(path);
  // A busy machine may take a faster one first.
  await gateway.waitFor(id, ({ segments_ready: ready, model }) => ready >= 2 && model === WANTED);

  await using mpv = await openMpv([url]);
  {
    await using _throttle = throttleWorkers(gateway.pid, 0.05);
    await gateway.waitFor(id, ({ model }) => model !== null && model !== WANTED);
    await mpv.playsFrom(3);
  }

  await mpv.seek(SECONDS - 4);
  expect(await mpv.lastPosition()).toBeGreaterThan(SECONDS - 1.5);
  expect(await mpv.problems()).toEqual([]);
  // Nobody is near what the faster one made.
  await gateway.waitFor(id, ({ model }) => model === WANTED);
  expect(await playlists.finish()).toEqual([]);
});
