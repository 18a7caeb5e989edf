import { recordedExchange } from "@upreel/testkit";
import { describe, expect, it, vi } from "vitest";
import {
  ID,
  DEVICE,
  FIRST,
  ask,
  makeReady,
  parse,
  startRig,
  type Rig,
} from "../../testing/proxy-rig.ts";

const WEB = { "user-agent": "Mozilla/5.0 Chrome/156" };
const MPV = { "user-agent": "libmpv" };

/** A client that was told to play upscaled. */
async function startPlaying(body: object = FIRST): Promise<Rig & { readonly master: string }> {
  const rig = await startRig();
  await makeReady(rig.app);
  const path = parse(await rig.play(body)).MediaSources[0]?.TranscodingUrl ?? "";
  expect(path).toContain("/upscale/hls/abc/master.m3u8");
  return {
    ...rig,
    master: rig.app.proxyUrl + path,
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

describe("a stream that cannot begin", () => {
  it.each(["failed", "cancelled"] as const)(
    "and is %s leads to Jellyfin's own stream: its session, its sound, below the same base URL",
    async (state) => {
      await using rig = await startPlaying({ ...FIRST, AudioStreamIndex: 3 });
      rig.app.streams.put({ id: "abc", state });
      const answer = await ask(rig.master, { headers: WEB });
      expect(answer.status).toBe(302);
      const there = new URL(answer.headers.location ?? "", rig.master.replace("/upscale", "/jf$&"));
      expect(there.pathname).toMatch(/^\/jf\/videos\/508bfcc3-[0-9a-f-]+\/master\.m3u8$/);
      const query = Object.fromEntries(there.searchParams);
      const session = new URL(rig.master).searchParams.get("PlaySessionId");
      expect(query).toMatchObject({ PlaySessionId: session, AudioStreamIndex: "3" });
      const why = await ask(`${rig.app.proxyUrl}/upscale/why?deviceId=${DEVICE}`);
      expect(JSON.parse(why.body.toString())).toMatchObject({
        shows: "original",
        reason: { code: "stream_failed" },
      });
      expect(rig.app.streams.calls.at(-1)).toBe(`${session} left abc`);
      // Asked anew, for another sound, it stays with the original.
      expect(parse(await rig.play()).MediaSources[0]?.SupportsDirectPlay).toBe(true);
    },
  );

  it("asks Jellyfin for that stream as the client would, to copy what may be copied", async () => {
    await using rig = await startPlaying();
    await vi.waitFor(() => expect(rig.jellyfin.requests).toHaveLength(2), { timeout: 60_000 });
    const [, second] = rig.jellyfin.requests;
    expect(second?.headers["authorization"]).toContain(DEVICE);
    expect(JSON.parse(second?.body ?? "")).toEqual({
      ...FIRST,
      EnableDirectPlay: false,
      EnableDirectStream: false,
    });
  });

  it("takes the stream that Jellyfin named where it named one", async () => {
    await using rig = await startRig();
    await makeReady(rig.app);
    const { body } = recordedExchange("05-playbackinfo").response;
    const [source] = body.MediaSources;
    const named = { ...body, MediaSources: [{ ...source, Path: rig.film }] };
    rig.jellyfin.answers.set(`POST /items/${ID}/playbackinfo`, {
      ...{ status: 200, body: JSON.stringify(named) },
    });
    const path = parse(await rig.play()).MediaSources[0]?.TranscodingUrl ?? "";
    rig.app.streams.put({ id: "abc", state: "failed" });
    const { headers } = await ask(rig.app.proxyUrl + path, { headers: WEB });
    expect(headers.location).toBe(`../../..${source.TranscodingUrl}`);
    expect(rig.jellyfin.requests).toHaveLength(1);
  });

  it("leads nowhere without one: who asks anew gets the error, mpv the file", async () => {
    await using rig = await startRig();
    await makeReady(rig.app);
    const { body } = recordedExchange("50-").response;
    const [source] = body.MediaSources;
    const direct = { ...body, MediaSources: [{ ...source, Path: rig.film }] };
    rig.jellyfin.answers.set(`POST /items/${ID}/playbackinfo`, {
      ...{ status: 200, body: JSON.stringify(direct) },
    });
    const asked = { ...FIRST, MediaSourceId: undefined };
    const path = parse(await rig.play(asked)).MediaSources[0]?.TranscodingUrl ?? "";
    rig.app.streams.put({ id: "abc", state: "failed" });
    const refused = await ask(rig.app.proxyUrl + path, { headers: WEB });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    const { headers } = await ask(rig.app.proxyUrl + path, { headers: MPV });
    expect(headers.location).toBe(
      `../../../Videos/${ID}/stream?static=true&mediaSourceId=${source.Id}`,
    );
  });

  it("is what a sound is that the file does not have, whatever Jellyfin believes", async () => {
    await using rig = await startPlaying();
    rig.app.hold.playlistMs = 300;
    const none = rig.master.replace(/audio=\d+/, "audio=77");
    const { status, headers } = await ask(none, { headers: WEB });
    expect([status, headers.location]).toEqual([302, expect.stringContaining("/master.m3u8?")]);
  });

  it("is not told to who knows the session alone: it holds a token", async () => {
    await using rig = await startPlaying();
    const { status, headers } = await ask(rig.master.replace("/abc/", "/abd/"), { headers: WEB });
    expect([status, headers.location]).toEqual([404, undefined]);
  });
});
