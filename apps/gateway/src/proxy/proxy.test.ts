import { ROOT_USER } from "@upreel/testkit";
import { describe, expect, it, vi } from "vitest";
import { ID, AUTHORIZATION, ask, startRig, type Answer } from "../testing/proxy-rig.ts";

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

it("prepares the film of an item whose page is opened, unless it is not to be upscaled", async () => {
  await using rig = await startRig({}, { ON_PLAY: "client=TV:off; automatic" });
  const open = (path: string, headers: object = {}): Promise<Answer> =>
    ask(rig.app.proxyUrl + path, { headers: { "accept-encoding": "br", ...headers } });
  const tv = AUTHORIZATION.replace("Jellyfin%20Web", "TV");
  await open(`/Items/${ID}`, { authorization: tv });
  expect((await open(`/Users/${ROOT_USER.id}/Items/${ID}`)).headers["content-encoding"]).toBe("br");
  await vi.waitFor(() => expect(rig.app.told).toEqual([`prepare ${rig.film}`]));
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
