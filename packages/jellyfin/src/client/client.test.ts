import {
  eventually,
  makeFakeItem,
  makeFakeSession,
  ROOT_USER,
  startFakeJellyfin,
  type FakeJellyfin,
} from "@upreel/testkit";
import { describe, expect, it } from "vitest";
import { createJellyfinClient } from "./client.ts";
import type { JellyfinClient } from "./jellyfin-client.ts";

const ID = "508bfcc390dc4acbd1826571a92d9968";
const SESSION = "ea7add84fe5d3afcd1cd1e2c8910092a";
const ITEM = makeFakeItem({ id: ID, path: "/media/movies/Clip Eight (2008).mkv" });

const clientOf = (fake: FakeJellyfin, own: { apiKey?: string | undefined } = {}): JellyfinClient =>
  createJellyfinClient({
    url: fake.url,
    apiKey: fake.apiKey,
    // A call is tried again because of an answer, not because this machine is slow.
    timeoutMs: 240_000,
    backoffMs: 5,
    openMs: 30,
    ...own,
  });

const failure = (promise: Promise<unknown>): Promise<{ code: string; message: string }> =>
  promise.then(
    () => ({ code: "none", message: "" }),
    (thrown: { code: string; message: string }) => thrown,
  );

describe.each(["10.10.7", "10.11.11", "12.0.0"] as const)("Jellyfin %s", (version) => {
  it("tells items, sessions, users and libraries", async () => {
    const session = makeFakeSession({ id: SESSION, user: ROOT_USER });
    session.playing = {
      item: ITEM,
      positionTicks: 775_178_210,
      isPaused: false,
      playMethod: "DirectPlay",
      audioStreamIndex: 1,
      subtitleStreamIndex: -1,
    };
    await using fake = await startFakeJellyfin({ version, items: [ITEM], sessions: [session] });
    const client = clientOf(fake);
    expect((await client.server()).Version).toBe(version);
    expect(await client.item(ID)).toMatchObject({ Id: ID, Path: ITEM.path });
    expect(await client.item("ffffffffffffffffffffffffffffffff")).toBeUndefined();
    expect(await client.sessions()).toMatchObject([
      {
        Id: SESSION,
        NowPlayingItem: { Path: ITEM.path },
        PlayState: { PositionTicks: 775_178_210 },
      },
    ]);
    expect(await client.users()).toMatchObject([{ Id: ROOT_USER.id, Name: "root" }]);
    expect(await client.libraries()).toMatchObject([{ Name: "Movies" }]);
    expect((await client.items({ startIndex: 0, limit: 5 })).total).toBe(1);
  });

  it("is told what to play and to show", async () => {
    await using fake = await startFakeJellyfin({
      version,
      sessions: [makeFakeSession({ id: SESSION })],
    });
    const client = clientOf(fake);
    await client.playNow(SESSION, { itemId: ID, positionTicks: 5, subtitleStreamIndex: -1 });
    await client.showMessage(SESSION, { text: "ready", timeoutMs: 4000 });
    expect(fake.remoteCalls).toEqual([
      {
        sessionId: SESSION,
        kind: "Playing",
        query: {
          playCommand: "PlayNow",
          itemIds: ID,
          startPositionTicks: "5",
          subtitleStreamIndex: "-1",
        },
        body: undefined,
      },
      {
        sessionId: SESSION,
        kind: "Message",
        query: {},
        body: { Header: "Upreel", Text: "ready", TimeoutMs: 4000 },
      },
    ]);
  });

  it("is asked by the one authorization that every release takes", async () => {
    await using fake = await startFakeJellyfin({ version });
    await clientOf(fake).sessions();
    const last = fake.requests.at(-1);
    expect(last?.url).toBe("/Sessions");
    expect(last?.headers["authorization"]).toBe(`MediaBrowser Token="${fake.apiKey}"`);
    expect(Object.keys(last?.headers ?? {}).filter((name) => /emby|browser/.test(name))).toEqual(
      [],
    );
  });
});

describe("a server in trouble", () => {
  it("that refuses the key is told apart from one that is away", async () => {
    await using fake = await startFakeJellyfin();
    expect(await failure(clientOf(fake, { apiKey: "wrong-key" }).sessions())).toMatchObject({
      code: "jellyfin_refused",
      message: expect.stringContaining("does not accept JELLYFIN_API_KEY"),
    });
    expect(await failure(clientOf(fake, { apiKey: undefined }).item(ID))).toMatchObject({
      code: "jellyfin_refused",
    });
    expect(fake.requests).toHaveLength(2);
    await fake.stop();
    expect(await failure(clientOf(fake).sessions())).toMatchObject({
      code: "jellyfin_unreachable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("that starts is away until it has started, although a temporary one answers", async () => {
    await using fake = await startFakeJellyfin();
    const client = clientOf(fake);
    fake.behaviour.isStarting = true;
    expect(await failure(client.sessions())).toMatchObject({
      code: "jellyfin_unreachable",
      message: expect.stringContaining("503"),
    });
    fake.behaviour.isStarting = false;
    expect(await eventually("it is used again", () => client.sessions())).toEqual([]);
  });

  it("is asked again after a failure, and a call that changes something is not", async () => {
    await using fake = await startFakeJellyfin({ sessions: [makeFakeSession({ id: SESSION })] });
    fake.behaviour.failWith = 502;
    expect((await failure(clientOf(fake).sessions())).code).toBe("jellyfin_unreachable");
    expect(fake.requests).toHaveLength(3);
    await failure(clientOf(fake).showMessage(SESSION, { text: "x", timeoutMs: 1 }));
    expect(fake.requests).toHaveLength(4);
  });

  it("that hangs is left after the time given, then not waited for again", async () => {
    await using fake = await startFakeJellyfin();
    const client = createJellyfinClient({
      url: fake.url,
      apiKey: fake.apiKey,
      timeoutMs: 60,
      attempts: 1,
      openMs: 60_000,
    });
    fake.behaviour.hangs = true;
    expect((await failure(client.sessions())).message).toContain("no answer within 60 ms");
    expect((await failure(client.sessions())).code).toBe("jellyfin_unreachable");
    // None where this machine is too busy to send it in time.
    expect(fake.requests.length).toBeLessThan(2);
  });

  it("that comes back is used again", async () => {
    await using fake = await startFakeJellyfin();
    const client = clientOf(fake);
    await fake.stop();
    expect((await failure(client.sessions())).code).toBe("jellyfin_unreachable");
    await fake.start();
    expect(await eventually("the breaker lets a trial through", () => client.sessions())).toEqual(
      [],
    );
  });

  it("that comes back is used again, though the call that tried it was given up", async () => {
    await using fake = await startFakeJellyfin();
    const client = createJellyfinClient({
      ...{ url: fake.url, apiKey: fake.apiKey, attempts: 1, openMs: 1 },
    });
    fake.behaviour.failWith = 502;
    await failure(client.sessions());
    fake.behaviour.failWith = undefined;
    fake.behaviour.hangs = true;
    const giveUp = new AbortController();
    const { length } = fake.requests;
    const trial = eventually("the trial", async () => {
      const error = await failure(client.sessions(giveUp.signal));
      return error.code === "cancelled";
    });
    await eventually("it hangs", () => fake.requests.length > length);
    giveUp.abort();
    await trial;
    fake.behaviour.hangs = false;
    expect(await client.sessions()).toEqual([]);
  });

  it("that answers something else is told so", async () => {
    await using fake = await startFakeJellyfin();
    fake.answers.set("GET /sessions", { status: 200, body: "<html>" });
    expect(await failure(clientOf(fake).sessions())).toMatchObject({
      code: "jellyfin_failed",
      message: "Jellyfin's answer to /Sessions is not understood",
    });
  });
});
