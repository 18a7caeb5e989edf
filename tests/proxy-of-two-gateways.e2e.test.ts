import { join } from "node:path";
import {
  eventually,
  freePort,
  makeClip,
  makeFakeItem,
  makeTempFolder,
  startFakeJellyfin,
  startValkey,
  TICKS_PER_SECOND,
} from "@upreel/testkit";
import type { PlaybackAnswer } from "@upreel/jellyfin";
import { expect, it } from "vitest";
import { CLIENTS, replayClient, type ClientHabits } from "./jellyfin/clients.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";

const ITEM = "508bfcc390dc4acbd1826571a92d9968";
const SECONDS = 24;

/** Two gateways of one folder, each with its proxy before the same Jellyfin. */
async function startTwo() {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await makeTempFolder());
  const valkey = stack.use(await startValkey());
  const film = join(folder.path, "Film.mkv");
  await makeClip(film, { width: 64, height: 36, rate: 24, seconds: SECONDS });
  const item = makeFakeItem({
    ...{ id: ITEM, path: "/media/Film.mkv", file: film, bitrate: 100_000 },
    runTimeTicks: SECONDS * TICKS_PER_SECOND,
    video: { codec: "h264", width: 64, height: 36 },
    audio: [{ codec: "aac", language: "eng", channels: 2 }],
  });
  const jellyfin = stack.use(await startFakeJellyfin({ items: [item], sessions: [] }));
  const start = async (): Promise<RunningGateway> => {
    const port = await freePort();
    const env = {
      ...{ FARM_URL: valkey.url, GATEWAY_URL: `http://127.0.0.1:${port}` },
      ...{ JELLYFIN_URL: jellyfin.url, PATH_MAP: `/media=${folder.path}` },
      ...{ MODEL: "lanczos", PREPARE: "off", START: "upscaled" },
    };
    const dataDir = join(folder.path, "data");
    return stack.use(await startGateway({ dataDir, roots: folder.path, port, env }));
  };
  const [a, b] = [await start(), await start()];
  const owned = stack.move();
  return { a, b, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const addressOf = ({ MediaSources: [source] }: PlaybackAnswer): unknown =>
  source?.["TranscodingUrl"];

/** A client before a gateway's proxy, which plays as soon as it gets the upscaled film. */
async function play(gateway: RunningGateway, habits: ClientHabits) {
  const server = await gateway.proxyUrl();
  const client = replayClient(habits, server, ITEM);
  const info = await eventually("it is upscaled", async () => {
    const answer = await client.playbackInfo(0, 1);
    return addressOf(answer) === undefined ? undefined : answer;
  });
  await client.playing(info, 0);
  const playlist = await client.openStream(info);
  const why = async (): Promise<unknown> =>
    (await fetch(`${server}/upscale/why?deviceId=${habits.deviceId}`)).json();
  return { client, info, playlist, why };
}

it("a film that is watched through one gateway is upscaled for who plays it through the other one, too, as he chose at either", async () => {
  await using two = await startTwo();
  const { a, b } = two;
  const [web, android] = CLIENTS.filter(({ name }) => ["jellyfin-web", "Android"].includes(name));
  if (web === undefined || android === undefined) throw new Error("a client is not there");
  const first = await play(a, web);
  await first.client.segment(first.playlist, 0);
  const choose = async (what: string, choice: object): Promise<void> => {
    const body = JSON.stringify({ device_id: web.deviceId, ...choice });
    const answer = await fetch(`${await a.proxyUrl()}/upscale/${what}`, { method: "POST", body });
    expect(answer.status).toBe(204);
  };
  await choose("model", { sharpness: 0.5 });
  await choose("quality", { quality: 36 });
  const [, id = ""] = /\/upscale\/hls\/([^/]+)/.exec(String(addressOf(first.info))) ?? [];

  const second = await play(b, android);
  expect(addressOf(second.info)).toContain(`/upscale/hls/${id}/`);
  await second.client.segment(second.playlist, 0);
  // The one that makes it knows both, and where the second one is.
  await second.client.progress(second.info, 3);
  await eventually("both are known", async () => (await a.status(id)).viewers === 2);
  expect(await second.why()).toMatchObject({ shows: "upscaled", position_seconds: 3 });
  expect(b.logLines.filter((line) => line.includes("as it is"))).toEqual([]);

  await second.client.stop(second.info, 3);
  await eventually("one is left", async () => (await a.status(id)).viewers === 1);
  const again = await play(b, android);
  await a.kill();
  for (const k of again.playlist.segments.keys()) await again.client.segment(again.playlist, k);
  await again.client.progress(again.info, 5);
  await again.client.stop(again.info, 5);

  // What was chosen at the one that is gone counts here, too.
  const later = await play(b, web);
  expect(addressOf(later.info)).toContain("quality=36");
  expect((await b.status(id)).wanted_sharpness).toBe(0.5);
  await later.client.stop(later.info, 0);
});
