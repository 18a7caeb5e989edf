import { createServer } from "node:http";
import type { Socket } from "node:net";
import { eventually, recordedExchange } from "@upreel/testkit";
import { playbackAnswerSchema, type PlaybackAnswer } from "@upreel/jellyfin";
import { afterAll, beforeAll, expect, it } from "vitest";
import { listenOn } from "../apps/gateway/src/http/server/listen-on.ts";
import {
  AUTHORIZATION,
  FIRST,
  ID,
  makeReady,
  startRig,
  type Rig,
} from "../apps/gateway/src/testing/proxy-rig.ts";
import { freePort, startNginxForJellyfin, type RunningNginx } from "./testing/start-nginx.ts";

let rig: Rig;
let nginx: RunningNginx;
/** In front of an Upreel that is not there. */
let alone: RunningNginx;

beforeAll(async () => {
  rig = await startRig({ basePath: "/jf" });
  await makeReady(rig.app);
  const nothing = `http://127.0.0.1:${await freePort()}`;
  nginx = await startNginxForJellyfin(rig.jellyfin.url, rig.app.proxyUrl);
  alone = await startNginxForJellyfin(rig.jellyfin.url, nothing);
});
afterAll(async () => {
  await nginx?.[Symbol.asyncDispose]();
  await alone?.[Symbol.asyncDispose]();
  await rig?.[Symbol.asyncDispose]();
});

async function play(url: string): Promise<PlaybackAnswer> {
  const response = await fetch(`${url}/jf/Items/${ID}/PlaybackInfo`, {
    method: "POST",
    headers: { Authorization: AUTHORIZATION, "Content-Type": "application/json" },
    body: JSON.stringify(FIRST),
  });
  expect(response.status).toBe(200);
  return playbackAnswerSchema.parse(await response.json());
}

it("asks Upreel what to play and for the stream, and Jellyfin for everything else", async () => {
  const [source] = (await play(nginx.url)).MediaSources;
  const path = String(source?.["TranscodingUrl"]);
  expect(path).toMatch(/^\/upscale\/hls\/abc\/master\.m3u8\?audio=2&.*PlaySessionId=/);
  const segment = await fetch(`${nginx.url}/jf/upscale/hls/abc/segments/000000.ts`);
  expect([segment.status, (await segment.arrayBuffer()).byteLength]).toEqual([200, 188 * 2000]);
  expect((await fetch(`${nginx.url}/upscale/streams`)).status).toBe(404);

  const before = rig.jellyfin.requests.length;
  const part = await fetch(`${nginx.url}/jf/Videos/${ID}/stream?static=true`, {
    headers: { Range: "bytes=2-4" },
  });
  expect([part.status, await part.text()]).toEqual([206, "234"]);
  const socket = new WebSocket(`${nginx.url}/jf/socket?ApiKey=${rig.jellyfin.apiKey}`);
  await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
  socket.close();
  expect(rig.jellyfin.requests.length).toBe(before + 1);
});

it("tells Upreel where its viewers are, and Jellyfin as if there were none", async () => {
  const { PlaySessionId } = await play(nginx.url);
  rig.app.streams.calls.splice(0);
  const tell = async (url: string, event: string, name: string): Promise<number> => {
    const body = JSON.stringify({ ...recordedExchange(name).request.body, PlaySessionId });
    const headers = { Authorization: AUTHORIZATION, "Content-Type": "application/json" };
    const answer = await fetch(`${url}/jf/Sessions/Playing${event}`, {
      method: "POST",
      headers,
      body,
    });
    expect(rig.jellyfin.requests.at(-1)).toMatchObject({ url: `/Sessions/Playing${event}`, body });
    return answer.status;
  };
  // Upreel is told beside Jellyfin: one thing may come to it after the next.
  const heard = (count: number): Promise<unknown> =>
    eventually(`Upreel has heard ${count}`, () => rig.app.streams.calls.length >= count);
  expect(await tell(nginx.url, "/Progress", "10-")).toBe(204);
  await heard(1);
  expect(await tell(nginx.url, "/Stopped", "11-")).toBe(204);
  await heard(2);
  await fetch(
    `${nginx.url}/jf/Videos/ActiveEncodings?deviceId=web1&playSessionId=${PlaySessionId}`,
    {
      method: "DELETE",
      headers: { Authorization: AUTHORIZATION },
    },
  );
  await heard(3);
  expect(rig.app.streams.calls).toEqual([
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

it("asks Jellyfin once more when that closes a connection that had rested", async () => {
  const used = new WeakSet<Socket>();
  let closed = 0;
  const server = createServer(({ socket, url }, response) => {
    if (used.has(socket)) {
      closed++;
      return void socket.resetAndDestroy();
    }
    used.add(socket);
    response.end(url);
  });
  const { url: theirs } = await listenOn(server, { host: "127.0.0.1", port: 0 });
  await using front = await startNginxForJellyfin(`${theirs}/jf`, theirs);
  for (const path of ["/a", "/b", "/c"])
    expect(await (await fetch(front.url + path)).text()).toBe(path);
  expect(closed).toBeGreaterThan(0);
  server.closeAllConnections();
  server.close();
});
