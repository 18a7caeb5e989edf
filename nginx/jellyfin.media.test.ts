import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  eventually,
  makeFakeItem,
  recordedExchange,
  ROOT_USER,
  startFakeJellyfin,
  type FakeJellyfin,
} from "@upreel/testkit";
import { playbackAnswerSchema, type PlaybackAnswer } from "@upreel/jellyfin";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../apps/gateway/src/testing/start-app.ts";
import { freePort, startNginxForJellyfin, type RunningNginx } from "./testing/start-nginx.ts";

const ID = "508bfcc390dc4acbd1826571a92d9968";

let jellyfin: FakeJellyfin;
let app: TestApp;
let nginx: RunningNginx;
/** In front of an Upreel that is not there. */
let alone: RunningNginx;

beforeAll(async () => {
  jellyfin = await startFakeJellyfin({ basePath: "/jf" });
  app = await startTestApp({ JELLYFIN_URL: jellyfin.url });
  const film = join(app.films, "film.mkv");
  await writeFile(film, "0123456789");
  jellyfin.items.push(makeFakeItem({ id: ID, path: film, file: film }));
  app.streams.put({
    ...{ id: "abc", duration_seconds: 360, segments_total: 180, frames_total: 9000 },
    ...{ ready_ranges: [[0, 360]], advice: "upscaled" },
  });
  await app.streams.publish("abc", 0, Buffer.alloc(188));
  const nothing = `http://127.0.0.1:${await freePort()}`;
  nginx = await startNginxForJellyfin(jellyfin.url, app.proxyUrl);
  alone = await startNginxForJellyfin(jellyfin.url, nothing);
});
afterAll(async () => {
  await nginx?.[Symbol.asyncDispose]();
  await alone?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
  await jellyfin?.[Symbol.asyncDispose]();
});

const AUTHORIZATION = `MediaBrowser Client="Jellyfin Web", DeviceId="web1", Token="${ROOT_USER.token}"`;

async function play(url: string): Promise<PlaybackAnswer> {
  const response = await fetch(`${url}/jf/Items/${ID}/PlaybackInfo`, {
    method: "POST",
    headers: { Authorization: AUTHORIZATION, "Content-Type": "application/json" },
    body: JSON.stringify({ ...recordedExchange("05-").request.body, MediaSourceId: ID }),
  });
  expect(response.status).toBe(200);
  return playbackAnswerSchema.parse(await response.json());
}

it("asks Upreel what to play and for the stream, and Jellyfin for everything else", async () => {
  const [source] = (await play(nginx.url)).MediaSources;
  const path = String(source?.["TranscodingUrl"]);
  expect(path).toMatch(/^\/upscale\/hls\/abc\/master\.m3u8\?audio=1&.*PlaySessionId=/);
  const segment = await fetch(`${nginx.url}/jf/upscale/hls/abc/segments/000000.ts`);
  expect([segment.status, (await segment.arrayBuffer()).byteLength]).toEqual([200, 188]);
  expect((await fetch(`${nginx.url}/upscale/streams`)).status).toBe(404);

  const before = jellyfin.requests.length;
  const part = await fetch(`${nginx.url}/jf/Videos/${ID}/stream?static=true`, {
    headers: { Range: "bytes=2-4" },
  });
  expect([part.status, await part.text()]).toEqual([206, "234"]);
  const socket = new WebSocket(`${nginx.url}/jf/socket?ApiKey=${jellyfin.apiKey}`);
  await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
  socket.close();
  expect(jellyfin.requests.length).toBe(before + 1);
});

it("tells Upreel where its viewers are, and Jellyfin as if there were none", async () => {
  const { PlaySessionId } = await play(nginx.url);
  app.streams.calls.splice(0);
  const tell = async (url: string, event: string, name: string): Promise<number> => {
    const body = JSON.stringify({ ...recordedExchange(name).request.body, PlaySessionId });
    const headers = { Authorization: AUTHORIZATION, "Content-Type": "application/json" };
    const answer = await fetch(`${url}/jf/Sessions/Playing${event}`, {
      method: "POST",
      headers,
      body,
    });
    expect(jellyfin.requests.at(-1)).toMatchObject({ url: `/Sessions/Playing${event}`, body });
    return answer.status;
  };
  expect(await tell(nginx.url, "/Progress", "10-")).toBe(204);
  expect(await tell(nginx.url, "/Stopped", "11-")).toBe(204);
  await fetch(
    `${nginx.url}/jf/Videos/ActiveEncodings?deviceId=web1&playSessionId=${PlaySessionId}`,
    {
      method: "DELETE",
      headers: { Authorization: AUTHORIZATION },
    },
  );
  await eventually("Upreel has heard it all", () => app.streams.calls.length === 3);
  expect(app.streams.calls).toEqual([
    `${PlaySessionId} at 218.371824 of abc`,
    `${PlaySessionId} left abc`,
    `${PlaySessionId} left abc`,
  ]);
  expect(await tell(alone.url, "/Progress", "10-")).toBe(204);
});

it("gets by without Upreel: the original plays, and a player's request is cut, not refused", async () => {
  expect((await play(alone.url)).MediaSources[0]?.["SupportsDirectPlay"]).toBe(true);
  expect((await fetch(`${alone.url}/jf/upscale/web.js`)).status).toBe(204);
  await expect(fetch(`${alone.url}/upscale/hls/abc/segments/000000.ts`)).rejects.toThrow();
});

it("puts the panel into the web client", async () => {
  const page = await fetch(`${nginx.url}/jf/web/index.html`, {
    headers: { "Accept-Encoding": "gzip" },
  });
  expect(await page.text()).toContain('<script src="../upscale/web.js" async></script></head>');
  const config: unknown = await (await fetch(`${nginx.url}/jf/web/config.json`)).json();
  expect(config).toEqual({ plugins: ["upreelPlugin", "playAccessValidation/plugin"] });
  expect((await fetch(`${nginx.url}/jf/upscale/web.js`)).ok).toBe(true);
});
