import { recordedExchange } from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { ID, DEVICE, ask, startRig, makeReady, parse, type Answer } from "../testing/proxy-rig.ts";

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
    ]);
    const why = async (session: string): Promise<unknown> =>
      JSON.parse(
        (await ask(`${app.proxyUrl}/upscale/why?playSessionId=${session}`)).body.toString(),
      );
    expect(await why(first)).toMatchObject({ shows: "original", is_playing: false });
    expect(await why(second)).toMatchObject({ shows: "upscaled", is_playing: true });
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
