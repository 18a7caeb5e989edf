import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { makeTempFolder } from "../temp-folder.ts";
import { makeFakeItem, ROOT_USER } from "./catalogue.ts";
import { recordedBody, recordedExchange, recordedWebhooks } from "./recorded.ts";
import { startFakeJellyfin, type FakeJellyfin } from "./server.ts";
import { makeFakeSession } from "./sessions.ts";

const ID = "508bfcc390dc4acbd1826571a92d9968";
const ITEM = makeFakeItem({
  id: ID,
  path: "/media/movies/Clip Eight (2008)/Clip Eight (2008).mkv",
});

const authorization = (token: string) => ({ Authorization: `MediaBrowser Token="${token}"` });

async function getJson(fake: FakeJellyfin, path: string, token = fake.apiKey): Promise<unknown> {
  const response = await fetch(fake.url + path, { headers: authorization(token) });
  expect(response.status).toBe(200);
  return response.json();
}

interface PlaybackInfo {
  readonly PlaySessionId: string;
  readonly MediaSources: readonly { readonly MediaStreams: readonly unknown[] }[];
}

/** Every field of `recorded` that the fake leaves out. */
function missing(recorded: unknown, fake: unknown, at = ""): string[] {
  if (typeof recorded !== "object" || recorded === null) return [];
  if (Array.isArray(recorded)) return missing(recorded[0], Array.isArray(fake) ? fake[0] : {}, at);
  return Object.entries(recorded).flatMap(([name, value]) => {
    const own: unknown = typeof fake === "object" && fake !== null ? Reflect.get(fake, name) : null;
    return own === undefined ? [`${at}${name}`] : missing(value, own, `${at}${name}.`);
  });
}

it("answers items in the recorded shape", async () => {
  await using fake = await startFakeJellyfin({ items: [ITEM] });
  const answer = await getJson(fake, `/Items?ids=${ID}&fields=Path,MediaSources,MediaStreams`);
  const lacks = missing(recordedBody("41-"), answer).filter(
    (name) => !/MediaStreams\.(Color|NalLength|IsAVC|Language|IsAnamorphic)/.test(name),
  );
  expect(lacks).toEqual(["Items.VideoType", "Items.BackdropImageTags", "Items.ImageBlurHashes"]);
});

it("answers PlaybackInfo in the recorded shape, direct or transcoded", async () => {
  await using fake = await startFakeJellyfin({
    items: [{ ...ITEM, subtitles: [{ codec: "subrip", language: "eng" }] }],
  });
  const recorded = recordedExchange("30-");
  const post = async (body: unknown): Promise<PlaybackInfo> => {
    const response = await fetch(`${fake.url}/Items/${ID}/PlaybackInfo`, {
      method: "POST",
      headers: authorization(ROOT_USER.token),
      body: JSON.stringify(body),
    });
    return JSON.parse(await response.text());
  };
  const [direct] = (await post(recorded.request.body)).MediaSources;
  expect(direct).toMatchObject({ SupportsDirectPlay: true, DefaultAudioStreamIndex: 1 });
  expect(direct).not.toHaveProperty("TranscodingUrl");
  expect(direct?.MediaStreams.at(-1)).toMatchObject({ DeliveryMethod: "External" });
  const retry = await post(recordedExchange("32-").request.body);
  expect(retry.MediaSources[0]).toMatchObject({
    SupportsDirectPlay: false,
    TranscodingSubProtocol: "hls",
    TranscodingUrl: expect.stringContaining(`PlaySessionId=${retry.PlaySessionId}`),
  });
});

it("takes the authorization that its release takes", async () => {
  for (const [version, status] of [
    ["12.0.0", 401],
    ["10.11.11", 200],
    ["10.10.7", 200],
  ] as const) {
    await using fake = await startFakeJellyfin({ version });
    const old = await fetch(`${fake.url}/Sessions`, { headers: { "X-Emby-Token": fake.apiKey } });
    expect([version, old.status]).toEqual([version, status]);
    expect((await fetch(`${fake.url}/Sessions?ApiKey=${fake.apiKey}`)).status).toBe(200);
    expect((await fetch(`${fake.url}/Items/${ID}?ApiKey=${fake.apiKey}`)).status).toBe(
      version === "12.0.0" ? 400 : 404,
    );
  }
});

it("carries reports into its sessions and keeps remote calls", async () => {
  const session = makeFakeSession({ id: "ea7add84fe5d3afcd1cd1e2c8910092a", user: ROOT_USER });
  await using fake = await startFakeJellyfin({ items: [ITEM], sessions: [session] });
  const headers = {
    Authorization: `MediaBrowser DeviceId="hookdev1", Token="${ROOT_USER.token}"`,
  };
  const report = { ItemId: ID, PositionTicks: 50_000_000, IsPaused: true };
  await fetch(`${fake.url}/Sessions/Playing`, {
    method: "POST",
    headers,
    body: JSON.stringify(report),
  });
  expect(await getJson(fake, "/Sessions")).toMatchObject([
    {
      NowPlayingItem: { Id: ID, Path: ITEM.path },
      PlayState: { PositionTicks: 50_000_000, IsPaused: true },
    },
  ]);
  await fetch(`${fake.url}/Sessions/${session.id}/Playing?playCommand=PlayNow&itemIds=${ID}`, {
    method: "POST",
    headers,
  });
  expect(fake.remoteCalls).toMatchObject([
    { sessionId: session.id, kind: "Playing", query: { playCommand: "PlayNow", itemIds: ID } },
  ]);
});

it("carries a websocket, ranges and a base URL, and can go away and come back", async () => {
  await using folder = await makeTempFolder();
  const file = join(folder.path, "a.mkv");
  await writeFile(file, "0123456789");
  await using fake = await startFakeJellyfin({ basePath: "/jf", items: [{ ...ITEM, file }] });
  const refused = new WebSocket(`${fake.url}/socket`);
  expect(String((await once(refused, "error"))[0])).toContain("403");
  const socket = new WebSocket(`${fake.url}/socket?ApiKey=${fake.apiKey}`);
  await once(socket, "message");
  socket.send("hello");
  expect(String((await once(socket, "message"))[0])).toBe("hello");
  const part = await fetch(`${fake.url}/Videos/${ID}/stream?static=true`, {
    headers: { Range: "bytes=2-4" },
  });
  expect([part.status, await part.text()]).toEqual([206, "234"]);
  const closed = once(socket, "close");
  await fake.stop();
  await closed;
  await expect(fetch(fake.url)).rejects.toThrow();
  await fake.start();
  expect((await fetch(`${fake.url}/System/Info/Public`)).status).toBe(200);
});

it("holds the 74 webhooks", () => {
  expect(recordedWebhooks()).toHaveLength(74);
});
