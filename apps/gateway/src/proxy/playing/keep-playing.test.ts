import { setTimeout as sleep } from "node:timers/promises";
import { recordedExchange } from "@upreel/testkit";
import { describe, expect, it, vi } from "vitest";
import type { HoldTiming } from "../../http/deps.ts";
import {
  ID,
  ask,
  startRig,
  makeReady,
  parse,
  type Answer,
  type Rig,
} from "../../testing/proxy-rig.ts";

describe("a stream that plays", () => {
  const piece = (k: number): string => `segments/${String(k).padStart(6, "0")}.ts`;
  const SEGMENT = Buffer.alloc(1880, 0x47);

  async function startPlaying(
    hasBegun = true,
    hold: Partial<HoldTiming> = {},
  ): Promise<Rig & { get(path: string): Promise<Answer> }> {
    const rig = await startRig({}, {}, {}, hold);
    await makeReady(rig.app);
    parse(await rig.play());
    const get = (path: string): Promise<Answer> =>
      ask(`${rig.app.proxyUrl}/upscale/hls/abc/${path}`, { headers: { authorization: "" } });
    if (hasBegun) expect((await get(piece(0))).status).toBe(200);
    return { ...rig, get, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
  }

  it.each(["failed", "cancelled", "idle"] as const)(
    "and comes to be %s is started again, and its viewer waits for the segment",
    async (state) => {
      await using rig = await startPlaying();
      rig.app.streams.put({ id: "abc", state });
      const answer = rig.get(piece(7));
      await vi.waitFor(() => expect(rig.app.streams.triggered.length).toBeGreaterThan(1), {
        timeout: 60_000,
      });
      rig.app.streams.put({ id: "abc", state: "running" });
      await rig.app.streams.publish("abc", 7, SEGMENT);
      const { status, body } = await answer;
      expect(status).toBe(200);
      expect(body.subarray(-SEGMENT.length)).toEqual(SEGMENT);
    },
  );

  it("and fails in the middle of a wait is not cut", async () => {
    await using rig = await startPlaying();
    const answer = rig.get(piece(8));
    await vi.waitFor(() => expect(rig.app.streams.waiterCount("abc")).toBe(1), { timeout: 60_000 });
    rig.app.streams.put({ id: "abc", state: "failed" });
    await vi.waitFor(() => expect(rig.app.streams.triggered.length).toBeGreaterThan(1), {
      timeout: 60_000,
    });
    await rig.app.streams.publish("abc", 8, SEGMENT);
    expect((await answer).body.subarray(-SEGMENT.length)).toEqual(SEGMENT);
  });

  it("and is not waited for any more is asked for by nobody", async () => {
    await using rig = await startPlaying();
    const gone = new AbortController();
    const url = `${rig.app.proxyUrl}/upscale/hls/abc/${piece(8)}?PlaySessionId=p1`;
    const asked = fetch(url, gone).catch(() => "gone");
    await vi.waitFor(() => expect(rig.app.streams.waiterCount("abc")).toBe(1), { timeout: 60_000 });
    gone.abort();
    await asked;
    await vi.waitFor(() => expect(rig.app.streams.waiterCount("abc")).toBe(0), { timeout: 60_000 });
    const asksFor8 = (): string[] =>
      rig.app.streams.asked.filter(({ segment }) => segment === 8).map(({ client }) => client);
    const before = asksFor8();
    await rig.get(piece(0));
    // Asked once more each moment that it was held.
    expect(new Set(before)).toEqual(new Set(["p1"]));
    expect(asksFor8()).toEqual(before);
  });

  it("and is deleted is made anew for who plays it", async () => {
    await using rig = await startPlaying();
    await rig.app.streams.remove("abc");
    const answer = rig.get(piece(9));
    await vi.waitFor(() => expect(rig.app.streams.triggered.length).toBeGreaterThan(1), {
      timeout: 60_000,
    });
    await rig.app.streams.publish("abc", 9, SEGMENT);
    expect((await answer).body.subarray(-SEGMENT.length)).toEqual(SEGMENT);
  });

  it("and is shorter than its list ends with packets that players skip", async () => {
    await using rig = await startPlaying();
    const { status, body } = await rig.get(piece(180));
    expect([status, body.length, body[0]]).toEqual([200, 188, 0x47]);
  });

  it("gets no answer of a server that stops, neither one that is cut", async () => {
    await using rig = await startPlaying();
    // Begun by a packet that players skip, while the segment is not there.
    const { body } = await fetch(`${rig.app.proxyUrl}/upscale/hls/abc/${piece(8)}`);
    const held = body?.pipeTo(new WritableStream());
    await rig.app.stopServer();
    const asked = rig.get(piece(9));
    const first = Promise.race([asked, held, sleep(300, "silence")]);
    await expect(first).resolves.toBe("silence");
    await Promise.all([
      expect(held).rejects.toThrow(),
      expect(asked).rejects.toThrow(),
      rig[Symbol.asyncDispose](),
    ]);
  });

  it.each<[string, (rig: Rig) => unknown]>([
    ["fails", ({ app }) => app.streams.put({ id: "abc", state: "failed" })],
    ["is gone", ({ app }) => app.streams.remove("abc")],
  ])(
    "and %s before its first segment is refused: its player asks for the original",
    async (_, end) => {
      await using rig = await startPlaying(false, { firstPieceMs: 300 });
      await end(rig);
      rig.app.streams.trigger = () => Promise.reject(new Error("for good"));
      const { status, body } = await rig.get(piece(7));
      expect([status, body[0]]).toEqual([expect.any(Number), "{".charCodeAt(0)]);
      expect(status).toBeGreaterThanOrEqual(400);
      const retry = { ...recordedExchange("32-").request.body, MediaSourceId: ID };
      expect(parse(await rig.play(retry)).MediaSources[0]?.SupportsDirectPlay).toBe(true);
    },
  );

  it("and gives its first segment late is waited for in silence", async () => {
    await using rig = await startPlaying(false);
    await rig.app.streams.remove("abc");
    const answer = rig.get(piece(7));
    await vi.waitFor(() => expect(rig.app.streams.triggered.length).toBeGreaterThan(1), {
      timeout: 60_000,
    });
    await rig.app.streams.publish("abc", 7, SEGMENT);
    expect((await answer).body).toEqual(SEGMENT);
  });

  it("and gives a page with lower qualities its first segment too late is refused, as without them", async () => {
    await using rig = await startPlaying(false, { firstPieceMs: 300 });
    const url = `${rig.app.proxyUrl}/upscale/hls/abc/${piece(7)}?ladder=on`;
    const { status } = await ask(url, { headers: { "user-agent": "Mozilla/5.0 (X11)" } });
    expect(status).toBeGreaterThanOrEqual(400);
  });

  it("is not what nobody was sent to", async () => {
    await using rig = await startRig();
    const { status } = await ask(`${rig.app.proxyUrl}/upscale/hls/xyz/${piece(1)}`);
    expect(status).toBe(404);
  });
});
