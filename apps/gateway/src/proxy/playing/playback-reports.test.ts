import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFakeItem, recordedExchange } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import {
  AUTHORIZATION,
  DEVICE,
  FIRST,
  ID,
  ask,
  startRig,
  makeReady,
  parse,
  type Answer,
} from "../../testing/proxy-rig.ts";

describe("what a client reports", () => {
  const report = (event: string, name: string, changes: object) => ({
    path: `/Sessions/Playing${event}`,
    body: JSON.stringify({ ...recordedExchange(name).request.body, ItemId: ID, ...changes }),
  });

  it("moves the playhead, reaches Jellyfin, and ends with the playing", async () => {
    await using rig = await startRig();
    const { app, jellyfin } = rig;
    await makeReady(app);
    const { PlaySessionId } = parse(await rig.play());
    for (const { path, body } of [
      report("", "08-", { PlaySessionId }),
      report("/Progress", "10-", { PlaySessionId }),
      report("/Progress", "10-", { PlaySessionId: "unknown" }),
      report("/Stopped", "11-", { PlaySessionId }),
    ]) {
      expect((await ask(app.proxyUrl + path, { method: "POST", body })).status).toBe(204);
      expect(jellyfin.requests.at(-1)).toMatchObject({ url: path, body });
    }
    const gone = `/Videos/ActiveEncodings?deviceId=${DEVICE}&PlaySessionId=${PlaySessionId}`;
    expect((await ask(app.proxyUrl + gone, { method: "DELETE" })).status).toBe(204);
    expect(app.streams.calls.slice(1)).toEqual([
      `${PlaySessionId} at 218.189698 of abc`,
      `${PlaySessionId} at 218.371824 of abc`,
      `${PlaySessionId} left abc`,
      `${PlaySessionId} left abc`,
    ]);
  });

  it("without a play session, as the web client does of what it plays directly, counts too", async () => {
    await using rig = await startRig({}, { START: "original" });
    const { app } = rig;
    await makeReady(app);
    const { PlaySessionId: first } = parse(await rig.play());
    const tell = async (event: string, name: string): Promise<void> => {
      const { path, body } = report(event, name, { PlaySessionId: "" });
      expect((await ask(app.proxyUrl + path, { method: "POST", body })).status).toBe(204);
    };
    await tell("", "08-");
    await ask(`${app.proxyUrl}/upscale/choice`, {
      method: "POST",
      body: JSON.stringify({ device_id: DEVICE, shows: "upscaled" }),
    });
    // It asks for what comes before it has said that the other has ended.
    const { PlaySessionId: second } = parse(await rig.play());
    await tell("/Progress", "10-");
    await tell("/Stopped", "11-");
    expect(app.streams.calls).toEqual([
      `${first} at 218.189698 of abc, paused`,
      `${first} at 218.189698 of abc beside the original`,
      `${second} at 218.189698 of abc, paused`,
      `${first} left abc`,
      `${first} left abc`,
    ]);
    const why = async (session: string): Promise<unknown> =>
      JSON.parse(
        (await ask(`${app.proxyUrl}/upscale/why?playSessionId=${session}`)).body.toString(),
      );
    expect(await why(first)).toMatchObject({ shows: "original", is_playing: false });
    expect(await why(second)).toMatchObject({ shows: "upscaled", is_playing: true });
  });

  describe("of one device, which plays one thing", () => {
    const OTHER = "0f8bfcc390dc4acbd1826571a92d9960";

    async function playTwo() {
      const rig = await startRig();
      const { app, jellyfin } = rig;
      await makeReady(app);
      app.streams.put({ ...app.streams.status("abc"), id: "def" });
      await app.streams.publish("def", 0, Buffer.alloc(188 * 2000));
      const file = join(app.films, "other.mkv");
      await writeFile(file, "other");
      jellyfin.items.push(makeFakeItem({ id: OTHER, path: file, file }));
      const { PlaySessionId: first } = parse(await rig.play());
      const tell = async (event: string, session: string, item: string) => {
        const { path, body } = report(event, "10-", { PlaySessionId: session, ItemId: item });
        await ask(app.proxyUrl + path, { method: "POST", body });
      };
      await tell("", first, ID);
      app.streams.calls.length = 0;
      app.streams.nextResult = { status: "started", id: "def", archive: undefined };
      const playOther = async (headers = {}): Promise<string> =>
        parse(
          await ask(`${app.proxyUrl}/Items/${OTHER}/PlaybackInfo`, {
            method: "POST",
            body: JSON.stringify({ ...FIRST, MediaSourceId: OTHER, StartTimeTicks: 0 }),
            headers: { "content-type": "application/json", ...headers },
          }),
        ).PlaySessionId;
      const [at, paused] = ["at 218.371824 of", "at 0 of def, paused"];
      return { ...rig, first, tell, playOther, at, paused };
    }

    it("leaves the first film before the second is begun, whatever comes late", async () => {
      await using rig = await playTwo();
      const { first, at, paused } = rig;
      const second = await rig.playOther();
      await rig.tell("/Progress", first, ID);
      // What its player had asked for before it let go.
      await ask(`${rig.app.proxyUrl}/upscale/hls/abc/segments/000000.ts?PlaySessionId=${first}`);
      await rig.tell("", second, OTHER);
      await rig.tell("/Progress", first, ID);
      expect(rig.app.streams.calls).toEqual([
        `${first} left abc`,
        `${second} ${paused}`,
        `${second} ${at} def`,
      ]);
      expect(rig.app.streams.asked).toEqual([]);
    });

    it("is taken at its word when it goes on with the first", async () => {
      await using rig = await playTwo();
      const { first, at, paused } = rig;
      const second = await rig.playOther();
      await rig.tell("", first, ID);
      expect(rig.app.streams.calls).toEqual([
        `${first} left abc`,
        `${second} ${paused}`,
        `${second} left def`,
        `${first} ${at} abc`,
      ]);
    });

    it("is told from another device", async () => {
      await using rig = await playTwo();
      const second = await rig.playOther({ authorization: AUTHORIZATION.replace(DEVICE, "tv") });
      expect(rig.app.streams.calls).toEqual([`${second} ${rig.paused}`]);
    });
  });

  it("and what its viewer chooses counts the next time", async () => {
    await using rig = await startRig({}, { ON_PLAY: "offer" });
    await makeReady(rig.app);
    const choose = (shows: string): Promise<Answer> =>
      ask(`${rig.app.proxyUrl}/upscale/choice`, {
        method: "POST",
        body: JSON.stringify({ device_id: DEVICE, shows }),
      });
    expect((await choose("upscaled")).status).toBe(404);
    await rig.play();
    expect((await choose("sometimes")).status).toBe(400);
    expect((await choose("upscaled")).status).toBe(204);
    expect(parse(await rig.play()).MediaSources[0]?.SupportsDirectPlay).toBe(false);
    expect((await choose("original")).status).toBe(204);
    expect(parse(await rig.play()).MediaSources[0]?.SupportsDirectPlay).toBe(true);
  });
});
