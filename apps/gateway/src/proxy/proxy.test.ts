import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFakeItem, ROOT_USER } from "@upreel/testkit";
import { describe, expect, it, vi } from "vitest";
import {
  AUTHORIZATION,
  FIRST,
  ID,
  ask,
  makeReady,
  parse,
  startRig,
  type Answer,
  type Rig,
} from "../testing/proxy-rig.ts";

const SERIES = "1".repeat(32);
const EPISODES = ["2".repeat(32)] as const;
const part = (episode: number) => ({
  ...{ type: "Episode" as const, series: { id: SERIES, name: "Series" }, season: 1, episode },
});

/** A series whose first episode was seen; the film is its second one. */
function addSeries({ jellyfin }: Rig): void {
  const seen = { played: true, favourite: false, positionTicks: 0 };
  const [film] = jellyfin.items.splice(0, 1);
  if (film === undefined) throw new Error("no film");
  const first = makeFakeItem({ id: EPISODES[0], path: "/media/first.mkv", ...part(1) });
  first.userData.set(ROOT_USER.id, seen);
  jellyfin.items.push(first, { ...film, ...part(2) });
}

const nextEvent = (socket: WebSocket, type: "message" | "close" | "error"): Promise<Event> =>
  new Promise((resolve) => socket.addEventListener(type, resolve, { once: true }));

describe("what is not ours passes", () => {
  it.each(["", "/jellyfin"])("byte by byte, with the base URL %j", async (basePath) => {
    await using rig = await startRig({ basePath });
    const { jellyfin, app } = rig;
    const origin = app.proxyUrl + basePath;
    const calls: [string, Parameters<typeof ask>[1]?][] = [
      [`/Items/${ID}?userId=${ROOT_USER.id}`],
      [`/Items/${ID}?userId=${ROOT_USER.id}`, { headers: { "accept-encoding": "br, gzip" } }],
      [`/Items?ids=${ID}&fields=Path,MediaSources`, { headers: { "accept-encoding": "gzip" } }],
      [`/Videos/${ID}/stream?static=true`],
      [`/Videos/${ID}/stream?static=true`, { headers: { range: "bytes=5-17" } }],
      [`/Videos/${ID}/stream?static=true`, { headers: { range: "bytes=99999-" } }],
      [`/Videos/${ID}/stream?static=true`, { method: "HEAD" }],
      ["/web/index.html"],
      ["/web/config.json"],
      ["/nothing/here"],
      ["/upscalex/hls/a/master.m3u8"],
      ["/Sessions", { headers: { authorization: "nobody" } }],
      ["/Videos/ActiveEncodings?deviceId=1&PlaySessionId=2", { method: "DELETE" }],
      ["/Sessions/Playing", { method: "POST", body: JSON.stringify({ ItemId: ID }) }],
    ];
    for (const [path, options] of calls) {
      const [theirs, ours] = [
        await ask(jellyfin.url + path, options),
        await ask(origin + path, options),
      ];
      expect([path, ours.status]).toEqual([path, theirs.status]);
      expect(ours.body.equals(theirs.body), path).toBe(true);
      for (const name of ["content-type", "content-encoding", "content-range", "content-length"])
        expect([path, ours.headers[name]]).toEqual([path, theirs.headers[name]]);
    }
    const [theirs, ours] = jellyfin.requests.filter(({ method }) => method === "POST");
    expect(ours?.body).toBe(theirs?.body);
  });

  it("a websocket, to the end of either side", async () => {
    await using rig = await startRig();
    const socket = new WebSocket(`${rig.app.proxyUrl}/socket?ApiKey=${rig.jellyfin.apiKey}`);
    socket.binaryType = "arraybuffer";
    await nextEvent(socket, "message");
    socket.send(Uint8Array.of(1, 2, 3));
    expect(await nextEvent(socket, "message")).toMatchObject({
      data: Uint8Array.of(1, 2, 3).buffer,
    });
    const closed = nextEvent(socket, "close");
    for (const each of rig.jellyfin.sockets.open) each.terminate();
    await closed;
    const refused = new WebSocket(`${rig.app.proxyUrl}/socket`);
    await nextEvent(refused, "error");
  });

  it("and says so when Jellyfin does not answer, then carries on", async () => {
    await using rig = await startRig();
    await rig.jellyfin.stop();
    for (const path of ["/Items", "/System/Info/Public", `/Items/${ID}`])
      expect((await ask(rig.app.proxyUrl + path)).body.toString()).toContain("does not answer");
    expect((await rig.play()).status).toBe(502);
    await rig.jellyfin.start();
    expect((await ask(`${rig.app.proxyUrl}/System/Info/Public`)).status).toBe(200);
  });

  it("but the server's own address, which is ours here", async () => {
    await using rig = await startRig({ basePath: "/jf" });
    const url = `${rig.app.proxyUrl}/jf/System/Info/Public`;
    const address = async (headers: object): Promise<unknown> =>
      JSON.parse((await ask(url, { headers })).body.toString()).LocalAddress;
    expect(await address({})).toBe(`${rig.app.proxyUrl}/jf`);
    expect(await address({ host: "tv.example", "x-forwarded-proto": "https" })).toBe(
      "https://tv.example/jf",
    );
  });
});

describe("what may be played next", () => {
  const open = (rig: Rig, path: string, headers: object = {}): Promise<Answer> =>
    ask(rig.app.proxyUrl + path, { headers: { "accept-encoding": "br", ...headers } });
  const made = (rig: Rig): string[] => rig.app.streams.calls;

  it("is made ready when its page is opened, unless it is not to be upscaled", async () => {
    await using rig = await startRig({}, { ON_PLAY: "client=TV:off; automatic" });
    const tv = AUTHORIZATION.replace("Jellyfin%20Web", "TV");
    await open(rig, `/Items/${ID}`, { authorization: tv });
    const answer = await open(rig, `/Users/${ROOT_USER.id}/Items/${ID}`);
    expect(answer.headers["content-encoding"]).toBe("br");
    await vi.waitFor(() => expect(made(rig)).toEqual([`prepare ${rig.film} from 0`]), {
      timeout: 60_000,
    });
    expect(rig.app.told).toEqual([`prepare ${rig.film}`]);
    // The machine is another film's.
    rig.jellyfin.items.push(
      makeFakeItem({ id: EPISODES[0], path: `${rig.film}.mkv`, file: rig.film }),
    );
    await ask(`${rig.app.proxyUrl}/Items/${EPISODES[0]}/PlaybackInfo`, {
      method: "POST",
      body: JSON.stringify({ ...FIRST, MediaSourceId: EPISODES[0] }),
      headers: { "content-type": "application/json" },
    });
    await vi.waitFor(() => expect(made(rig)).toContain("drop abc"), { timeout: 60_000 });
  });

  it.each([
    ["the next one of a series", `/Shows/NextUp?SeriesId=${SERIES}&userId=${ROOT_USER.id}`],
    ["the first unseen one of a season", `/Shows/${SERIES}/Episodes?userId=${ROOT_USER.id}`],
  ])("is %s", async (_, path) => {
    await using rig = await startRig();
    addSeries(rig);
    await open(rig, `/Shows/NextUp?userId=${ROOT_USER.id}`);
    await open(rig, path);
    await vi.waitFor(() => expect(made(rig)).toEqual([`prepare ${rig.film} from 0`]), {
      timeout: 60_000,
    });
  });

  it("is the episode after one that is nearly over", async () => {
    await using rig = await startRig({}, { JELLYFIN_API_KEY: "a0b1c2d3e4f5061728394a5b6c7d8e9f" });
    addSeries(rig);
    await makeReady(rig.app);
    const file = join(rig.app.films, "other.mkv");
    await writeFile(file, "other");
    rig.jellyfin.items.push(makeFakeItem({ id: "9".repeat(32), path: file, file, ...part(3) }));
    const { PlaySessionId } = parse(await rig.play());
    const tell = (seconds: number): Promise<Answer> =>
      ask(`${rig.app.proxyUrl}/Sessions/Playing/Progress`, {
        method: "POST",
        body: JSON.stringify({ PlaySessionId, ItemId: ID, PositionTicks: seconds * 1e7 }),
      });
    await tell(230);
    await tell(241);
    await tell(251);
    await vi.waitFor(() => expect(made(rig)).toContain(`prepare ${file} from 0`), {
      timeout: 60_000,
    });
    expect(made(rig).filter((call) => call.startsWith("prepare"))).toHaveLength(1);
  });

  it("is left alone with PREPARE=off, and where this machine cannot hold it", async () => {
    await using off = await startRig({}, { PREPARE: "off" });
    await open(off, `/Items/${ID}`);
    await using slow = await startRig();
    slow.app.foreseenSpeed = 0.4;
    await open(slow, `/Items/${ID}`);
    await slow.play();
    for (const { app } of [off, slow])
      expect([app.told.join(), app.streams.calls]).not.toContain("prepare");
    expect([made(off), made(slow)]).toEqual([[], []]);
  });
});

it("gives the control of streams to nobody who comes by the proxy", async () => {
  await using rig = await startRig();
  rig.app.streams.put({ id: "abc" });
  for (const [method, path] of [
    ["GET", "streams"],
    ["DELETE", "streams/abc"],
    ["POST", "streams/abc/cancel"],
    ["POST", "upscale-trigger"],
    ["GET", "logs/stream"],
    ["POST", "models/import"],
  ] as const)
    expect([path, (await ask(`${rig.app.proxyUrl}/upscale/${path}`, { method })).status]).toEqual([
      path,
      404,
    ]);
});
