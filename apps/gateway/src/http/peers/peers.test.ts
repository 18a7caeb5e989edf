import { mkdir, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { freePort, makeRecordingLog, makeTempFolder, type TempFolder } from "@upreel/testkit";
import express, { json, raw, type Express } from "express";
import type { Whereabouts } from "@upreel/streams";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { streamBody } from "../api/stream-body.ts";
import { BLANK_VIEW } from "../../../../../packages/streams/src/testing/blank-view.ts";
import { errorHandler } from "../server/error-status.ts";
import { listen, type Serving } from "../server/server.ts";
import type { Peers } from "../deps.ts";
import { createPeers } from "./peers.ts";

const ID = "abcdefghijklmnopqrstuvwx23";
const KEY = "what only gateways know";

let folder: TempFolder;
let stack: AsyncDisposableStack;
beforeEach(async () => {
  folder = await makeTempFolder();
  stack = new AsyncDisposableStack();
});
afterEach(async () => {
  await stack.disposeAsync();
  await folder[Symbol.asyncDispose]();
});

interface Gateway extends Serving {
  /** Where it finds the stream, each time that it looks. */
  where: () => Whereabouts;
  /** What its own routes were asked. */
  readonly asked: string[];
  others: string[];
  /** It was not updated yet: its streams have less to tell. */
  isOld: boolean;
  /** The streams that it has. */
  own: string[];
  /** Where the gateway answers that leads; undefined: it does so itself. */
  leader: string | undefined;
  readonly peers: Peers;
}

/** A gateway with routes that tell what they were asked. */
async function startGateway(key = KEY): Promise<Gateway> {
  const log = makeRecordingLog();
  const app: Express = express();
  const port = await freePort();
  const asked: string[] = [];
  const others: string[] = [];
  const gateway: Pick<Gateway, "where" | "others" | "own" | "leader" | "isOld"> = {
    ...{ where: () => ({ at: "here" }), others, own: [], leader: undefined, isOld: false },
  };
  const peers = createPeers({
    ...{ key, log, dataDir: folder.path, ownAddress: `http://127.0.0.1:${port}` },
    closing: new AbortController().signal,
    streams: {
      reach: async () => gateway.where(),
      handOver: async (id) => id === ID,
      get: (id) => (gateway.own.includes(id) ? { ...BLANK_VIEW, id } : undefined),
    },
    leases: {
      get others() {
        return gateway.others;
      },
    },
  });
  stack.use(peers);
  app.set("trust proxy", ["loopback"]);
  app.use(peers.mark, peers.passOn).post("/internal/hand-over/:id", peers.handOver);
  const leader = {
    isHere: () => gateway.leader === undefined,
    elsewhere: async () => gateway.leader,
  };
  app.use("/library", raw({ type: () => true }), async (request, response, next) => {
    const body = request.method === "POST" ? (request.body as Buffer) : undefined;
    if (!(await peers.passOnToLeader(leader, request, response, body))) next();
  });
  app.use(json({ type: () => true }), (request, response) => {
    const by = peers.isFromPeer(request) ? "a gateway" : "a client";
    const body = request.method === "POST" ? ` ${JSON.stringify(request.body)}` : "";
    asked.push(`${request.method} ${request.originalUrl}${body} by ${by}`);
    if (request.path === "/streams") {
      const { film, quality, plain, size_bytes, ...old } = streamBody({ ...BLANK_VIEW, id: ID });
      const now = { ...old, film, quality, plain, size_bytes };
      return void response.json({ streams: [gateway.isOld ? old : now] });
    }
    response.setHeader("X-Told", `${request.ip}`);
    response.status(202).json({ told: by });
  });
  app.use(errorHandler(log));
  const serving = stack.use(await listen(app, { host: "127.0.0.1", port }));
  return Object.assign(gateway, { ...serving, asked, peers });
}

const there = (gateway: Gateway) => (): Whereabouts => ({ at: "there", address: gateway.url });

describe("a call about a stream of another gateway's", () => {
  it("is passed on as it came, and answered as the owner answers", async () => {
    const [a, b] = [await startGateway(), await startGateway()];
    a.where = there(b);
    const answer = await fetch(`${a.url}/playhead/${ID}?x=%20`, {
      ...{ method: "POST", body: '{"viewer":"v"}', headers: { "X-Forwarded-For": "203.0.113.7" } },
    });
    expect([answer.status, await answer.json()]).toEqual([202, { told: "a gateway" }]);
    // Whoever asks is the same for both.
    expect(answer.headers.get("x-told")).toBe("203.0.113.7");
    expect(b.asked).toEqual([`POST /playhead/${ID}?x=%20 {"viewer":"v"} by a gateway`]);
    expect(a.asked).toEqual([]);
  });

  it("never goes in circles", async () => {
    const [a, b] = [await startGateway(), await startGateway()];
    let looks = 0;
    // It was B's a moment ago; then A takes it.
    b.where = there(a);
    a.where = () => (looks++ < 2 ? there(b)() : { at: "here" });
    const answer = await fetch(`${a.url}/status/${ID}`);
    expect(await answer.json()).toEqual({ told: "a client" });
    expect([a.asked.length, b.asked.length]).toEqual([1, 0]);
  });

  it.each(["GET", "POST"])("%s waits for a new owner where the old one is gone", async (method) => {
    const a = await startGateway();
    const gone = `http://127.0.0.1:${await freePort()}`;
    let looks = 0;
    a.where = () => (looks++ < 3 ? { at: "there", address: gone } : { at: "here" });
    const answer = await fetch(`${a.url}/streams/${ID}/pause`, {
      ...{ method, ...(method === "POST" ? { body: '{"a":1}' } : {}) },
    });
    expect(answer.status).toBe(202);
    // The body was read by then: this gateway asks itself.
    const body = method === "POST" ? ' {"a":1} by a gateway' : " by a client";
    expect(a.asked).toEqual([`${method} /streams/${ID}/pause${body}`]);
  });

  it("is answered by the next owner where the one before stands still", async () => {
    const a = await startGateway();
    // It takes connections, and says nothing.
    const still = createServer().listen(0, "127.0.0.1");
    stack.defer(() => void still.close());
    await once(still, "listening");
    const address = `http://127.0.0.1:${(still.address() as AddressInfo).port}`;
    a.where = () => ({ at: "there", address });
    const answer = fetch(`${a.url}/hls/${ID}/live.m3u8`);
    const [socket] = await once(still, "connection");
    stack.defer(() => void socket.destroy());
    a.where = () => ({ at: "here" });
    expect(await (await answer).json()).toEqual({ told: "a client" });
  });

  it("is not taken for one of a gateway's without the key", async () => {
    const [a, stranger] = [await startGateway(), await startGateway("a guess")];
    stranger.where = there(a);
    expect(await (await fetch(`${stranger.url}/status/${ID}`)).json()).toEqual({
      told: "a client",
    });
  });

  it("is answered from the disk where a segment has a file, and the owner is told", async () => {
    const [a, b] = [await startGateway(), await startGateway()];
    a.where = there(b);
    await mkdir(join(folder.path, "streams", ID, "segments"), { recursive: true });
    await writeFile(join(folder.path, "streams", ID, "segments", "000003.ts"), "bytes");
    const answer = await fetch(`${a.url}/hls/${ID}/segments/000003.ts`);
    expect([await answer.text(), answer.headers.get("content-type")]).toEqual([
      "bytes",
      "video/mp2t",
    ]);
    // Also where nobody can tell whose it is.
    a.where = () => ({ at: "unknown" });
    expect((await fetch(`${a.url}/hls/${ID}/segments/000003.ts`)).status).toBe(200);
    await expect.poll(() => b.asked).toEqual([`GET /internal/served by a gateway`]);
  });
});

it("a stream that this process works with is handed over by its owner, and by nobody else", async () => {
  const [a, b] = [await startGateway(), await startGateway()];
  expect(await a.peers.askFor(ID)).toBe(true);
  a.where = there(b);
  expect(await a.peers.askFor(ID)).toBe(true);
  expect(await a.peers.askFor("another")).toBe(false);
  a.where = () => ({ at: "unknown" });
  await expect(a.peers.askFor(ID)).rejects.toMatchObject({ code: "leases_away" });
  const stranger = await fetch(`${b.url}/internal/hand-over/${ID}`, { method: "POST" });
  expect(stranger.status).toBe(202);
  expect(b.asked).toEqual([`POST /internal/hand-over/${ID} {} by a client`]);
});

it("what one gateway alone does is answered by that one, or here where it is not there", async () => {
  const [a, b] = [await startGateway(), await startGateway()];
  a.leader = b.url;
  // Each takes the other one for the leader.
  b.leader = a.url;
  const answer = await fetch(`${a.url}/library/start?x=1`, { method: "POST", body: "hello" });
  expect([answer.status, await answer.json()]).toEqual([202, { told: "a gateway" }]);
  expect([a.asked.length, b.asked.length]).toEqual([0, 1]);
  expect(b.asked[0]).toContain("POST /library/start?x=1");
  a.leader = `http://127.0.0.1:${await freePort()}`;
  expect(await (await fetch(`${a.url}/library/plan`)).json()).toEqual({ told: "a client" });
});

it("what is about no stream is answered here", async () => {
  const a = await startGateway();
  a.where = () => expect.unreachable("it looked for a stream");
  expect((await fetch(`${a.url}/models`)).status).toBe(202);
});

it("others tell of their streams; of one that does not answer, what it said last", async () => {
  const [a, b] = [await startGateway(), await startGateway()];
  a.others = [b.url];
  // Asked again where it was too slow to answer.
  await expect.poll(() => a.peers.statuses()).toMatchObject([{ id: ID }]);
  expect(new Set(b.asked)).toEqual(new Set(["GET /streams by a gateway"]));
  // Taken from it meanwhile.
  a.own = [ID];
  expect(await a.peers.statuses()).toEqual([]);
  a.own = [];
  expect(await a.peers.statuses()).toMatchObject([{ id: ID }]);
  // Each once, whoever tells of it.
  const c = await startGateway();
  a.others = [b.url, c.url];
  const ask = async (): Promise<readonly string[]> => {
    await a.peers.statuses();
    return c.asked;
  };
  await expect.poll(ask).not.toEqual([]);
  expect(await a.peers.statuses()).toMatchObject([{ id: ID }]);
  a.others = [];
  await expect.poll(() => a.peers.statuses()).toEqual([]);
});

it("the streams of one that is not updated yet are known, each as a film of its own", async () => {
  const [a, b] = [await startGateway(), await startGateway()];
  b.isOld = true;
  a.others = [b.url];
  await expect.poll(() => a.peers.statuses()).toMatchObject([{ id: ID, film: ID, plain: false }]);
});
