import { createHash } from "node:crypto";
import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect as connectTo } from "node:net";
import { dirname, join } from "node:path";
import {
  FARM_PROTOCOLS,
  farmAnswerSchema,
  farmCommandSchema,
  farmJoinSchema,
  type FarmReport,
} from "@upreel/core";
import { openFarm } from "@upreel/engine";
import { eventually, makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { keepConnected, parseFarmAddress, workForFarm, type FarmLink } from "@upreel/workers";
import { expect, it } from "vitest";
import { makeFarmOrder } from "../../../../../packages/workers/src/farm/testing/make-farm-order.ts";
import { startTestApp } from "../../testing/start-app.ts";
import { listenOn } from "../server/listen-on.ts";
import { isFarmUpgrade, takeWorkers } from "./farm-socket.ts";

const HELLO: Extract<FarmReport, { type: "hello" }> = {
  type: "hello",
  protocols: [...FARM_PROTOCOLS],
  facts: { version: "1", platform: "x", cpu: "CPU", cores: 1, memoryBytes: 1, gpus: [] },
  offer: { places: 1, providers: ["cpu"], encoders: ["libx264"], cores: 1, speeds: [] },
};

/** The HTTP interface before a farm whose segments are kept in a list. */
async function openApp(settings: Record<string, string> = {}) {
  const folder = await makeTempFolder();
  const kept: string[] = [];
  const { farm, desk } = await openFarm(folder.path, {
    log: makeRecordingLog(),
    events: { tell: () => undefined },
    segments: {
      accept: async ({ runId }, k, { length }) => void kept.push(`${runId}/${k}: ${length}`),
    },
  });
  const app = await startTestApp(settings, undefined, { farm: desk });
  const add = async (name: string): Promise<string> => {
    const answer = await fetch(`${app.url}/farm/workers`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name }),
    });
    const { key, join: addresses } = farmJoinSchema.parse(await answer.json());
    expect(parseFarmAddress(addresses[0] ?? "")).toEqual({ url: app.url, name });
    return key;
  };
  /** A worker that says hello and has the run of this order. */
  const begin = (name: string, order = makeFarmOrder({ machine: `farm:${name}` })): string => {
    let token = "";
    const link: FarmLink = {
      send(text) {
        const command = farmCommandSchema.parse(JSON.parse(text));
        if (command.type === "run") token = command.source;
      },
      close: () => undefined,
      onText: () => undefined,
      onClosed: () => undefined,
    };
    desk.join(name, link);
    link.onText(JSON.stringify(HELLO));
    void farm.start(order, () => undefined, new AbortController().signal);
    return token;
  };
  return {
    ...{ app, kept, add, begin, desk, folder },
    async [Symbol.asyncDispose]() {
      farm[Symbol.dispose]();
      await app[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const sumOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

it("takes a segment with the worker's own key, its length and its sum, and nothing else", async () => {
  await using opened = await openApp();
  const { app, kept, add, begin } = opened;
  const [key, other] = [await add("pc"), await add("other")];
  begin("pc");
  begin("other", makeFarmOrder({ machine: "farm:other", runId: "r2" }));
  const body = new Uint8Array(376);
  const put = async (path: string, change: Record<string, string> = {}, sent = body) => {
    const response = await fetch(`${app.url}/farm/worker/runs/${path}`, {
      method: "PUT",
      body: sent,
      headers: { Authorization: `Bearer pc:${key}`, "X-Content-Sha256": sumOf(body), ...change },
    });
    return response.status;
  };
  expect(await put("r1/segments/3")).toBe(204);
  expect(kept).toEqual(["r1/3: 376"]);
  expect([
    await put("r1/segments/3", { Authorization: "" }),
    await put("r1/segments/3", { Authorization: `Bearer pc:${other}` }),
    await put("r1/segments/3", { Authorization: `Bearer other:${other}` }),
    await put("r2/segments/3"),
    await put("r1/segments/9"),
    await put("r1/segments/-1"),
    await put("..%2F..%2Fetc/segments/3"),
    await put("r1/segments/3", { "X-Content-Sha256": sumOf(new Uint8Array(1)) }),
    await put("r1/segments/3", { "X-Content-Sha256": "short" }),
    await put("r1/segments/3", {}, new Uint8Array(0)),
  ]).toEqual([401, 401, 404, 404, 404, 404, 404, 400, 400, 400]);
  expect(kept).toHaveLength(1);
});

it("networks are for workers alone, and come with their sum", async () => {
  await using opened = await openApp();
  const { app, add } = opened;
  const key = await add("pc");
  await writeFile(join(dirname(app.dataDir), "n"), "a network");
  const read = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${app.url}/farm/worker/models/n`, { headers });
  const answer = await read({ Authorization: `Bearer pc:${key}` });
  expect(await answer.text()).toBe("a network");
  expect(answer.headers.get("x-content-sha256")).toBe(sumOf(Buffer.from("a network")));
  for (const wrong of ["", "Bearer pc:wrong", `Bearer x:${key}`])
    expect((await read({ Authorization: wrong })).status).toBe(401);
});

it("a token opens the film of its run, in ranges, and only as it was triggered", async () => {
  await using opened = await openApp();
  const { app, add, begin, folder } = opened;
  await add("pc");
  const path = join(folder.path, "film.mp4");
  await writeFile(path, "0123456789");
  const { size, mtimeMs } = await stat(path);
  const source = { ...makeFarmOrder().source, path, sizeBytes: size, modifiedMs: mtimeMs };
  const token = begin("pc", makeFarmOrder({ machine: "farm:pc", source }));
  const read = (given: string): Promise<Response> =>
    fetch(`${app.url}/farm/worker/source/${given}`, { headers: { Range: "bytes=2-4" } });
  const part = await read(token);
  expect([part.status, await part.text()]).toEqual([206, "234"]);
  expect(part.headers.get("content-range")).toBe("bytes 2-4/10");
  expect((await read("another")).status).toBe(404);
  await writeFile(path, "another");
  expect((await read(token)).status).toBe(409);
});

it("a worker whose line is limited reads films in the same ranges", async () => {
  await using opened = await openApp();
  const { app, add, begin, desk, folder } = opened;
  await add("pc");
  const path = join(folder.path, "film.mp4");
  await writeFile(path, "0123456789");
  const { size, mtimeMs } = await stat(path);
  const source = { ...makeFarmOrder().source, path, sizeBytes: size, modifiedMs: mtimeMs };
  const token = begin("pc", makeFarmOrder({ machine: "farm:pc", source }));
  const read = async (range?: string): Promise<unknown[]> => {
    const headers: Record<string, string> = range === undefined ? {} : { Range: range };
    const answer = await fetch(`${app.url}/farm/worker/source/${token}`, { headers });
    const { status, headers: told } = answer;
    return [status, told.get("content-range"), told.get("content-length"), await answer.text()];
  };
  const ranges = [undefined, "bytes=2-4", "bytes=7-", "bytes=-3", "bytes=-30", "bytes=0-99"];
  const free = await Promise.all(ranges.map(read));
  await desk.setLimits("pc", { megabits: 8 });
  expect(desk.see()[0]?.limits.megabits).toBe(8);
  expect(await Promise.all(ranges.map(read))).toEqual(free);
  expect((await read("bytes=10-")).slice(0, 2)).toEqual([416, "bytes */10"]);
});

it("a limit of its line that is set while a worker reads a film counts for the rest of it", async () => {
  await using opened = await openApp();
  const { app, add, begin, desk, folder } = opened;
  await add("pc");
  const path = join(folder.path, "film.mp4");
  const bytes = Buffer.alloc(64 * 1024 * 1024, 7);
  await writeFile(path, bytes);
  const { size, mtimeMs } = await stat(path);
  const source = { ...makeFarmOrder().source, path, sizeBytes: size, modifiedMs: mtimeMs };
  const token = begin("pc", makeFarmOrder({ machine: "farm:pc", source }));
  const answer = await fetch(`${app.url}/farm/worker/source/${token}`);
  const reader = answer.body?.getReader();
  let got = (await reader?.read())?.value?.length ?? 0;
  const asked: number[] = [];
  const limitsOf = desk.limitsOf.bind(desk);
  Object.assign(desk, {
    limitsOf: (name: string) => {
      asked.push(got);
      return limitsOf(name);
    },
  });
  await desk.setLimits("pc", { megabits: 100_000 });
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read())
    got += next.value.length;
  expect(got).toBe(bytes.length);
  // The limit is looked at for each piece, however the download began.
  expect(asked.length).toBeGreaterThan(100);
});

it("who runs the farm needs the API token, a worker does not; each name is there once", async () => {
  await using opened = await openApp({ API_TOKEN: "a long secret token" });
  const { app, desk } = opened;
  const headers = { Authorization: "Bearer a long secret token" };
  expect((await fetch(`${app.url}/farm`)).status).toBe(401);
  const key = await desk.add("pc");
  await expect(desk.add("pc")).rejects.toMatchObject({ code: "bad_request" });
  await expect(desk.add("../pc")).rejects.toMatchObject({ code: "bad_request" });
  const worker = { Authorization: `Bearer pc:${key}` };
  // Let in, and told that there is no such run.
  const put = await fetch(`${app.url}/farm/worker/runs/r9/segments/1`, {
    ...{ method: "PUT", headers: worker, body: "x" },
  });
  expect(put.status).toBe(404);
  expect((await fetch(`${app.url}/farm`, { headers: worker })).status).toBe(401);
  await fetch(`${app.url}/farm/workers/pc/pause`, { method: "POST", headers });
  const seen = farmAnswerSchema.parse(await (await fetch(`${app.url}/farm`, { headers })).json());
  expect(seen.workers).toMatchObject([{ name: "pc", state: "paused" }]);
  const limit = async (change: object): Promise<number> => {
    const patch = { method: "PATCH", body: JSON.stringify(change) };
    const json = { ...headers, "Content-Type": "application/json" };
    return (await fetch(`${app.url}/farm/workers/pc`, { ...patch, headers: json })).status;
  };
  expect(await limit({ streams: 1, hours: "22:00-07:00" })).toBe(204);
  const wrong = [{ streams: 0 }, { hours: "late" }, { weight: 1e9 }, { color: "red" }];
  for (const each of wrong) expect(await limit(each)).toBe(400);
  expect(desk.limitsOf("pc")).toEqual({ streams: 1, hours: "22:00-07:00" });
  expect((await fetch(`${app.url}/farm/workers/pc`, { method: "DELETE", headers })).status).toBe(
    204,
  );
  expect(desk.isKey("pc", key)).toBe(false);
  expect(
    (await fetch(`${app.url}/farm/workers/pc/drain`, { method: "POST", headers })).status,
  ).toBe(404);
});

it("who is not let in keeps no connection, though they end nothing themselves", async () => {
  await using opened = await openApp();
  const server = createServer({ shouldUpgradeCallback: isFarmUpgrade });
  const { url } = await listenOn(server, { host: "127.0.0.1", port: 0 });
  takeWorkers(server, { farm: opened.desk, log: makeRecordingLog() });
  const port = Number(new URL(url).port);
  const client = connectTo({ host: "127.0.0.1", port, allowHalfOpen: true });
  client.write(
    "GET /farm/worker/socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  const [answer] = await once(client, "data");
  expect(String(answer)).toMatch(/^HTTP\/1.1 401/);
  await eventually("the end of the connection", async () => {
    const open = Promise.withResolvers<number>();
    server.getConnections((_, count) => open.resolve(count));
    return (await open.promise) === 0;
  });
  client.destroy();
  server.close();
});

it("a worker joins by its key over a real websocket, and leaves for good when that is taken away", async () => {
  await using opened = await openApp();
  const { desk, add } = opened;
  const server = createServer({ shouldUpgradeCallback: isFarmUpgrade });
  const { url } = await listenOn(server, { host: "127.0.0.1", port: 0 });
  const log = makeRecordingLog();
  takeWorkers(server, { farm: desk, log });
  const address = { url, name: "pc", key: await add("pc") };
  const ending = new AbortController();
  const connect = (key: string): Promise<void> =>
    keepConnected(
      { ...address, key },
      (link) =>
        workForFarm(link, {
          ...{ log, facts: HELLO.facts, offer: () => HELLO.offer },
          pool: { start: () => Promise.reject(new Error("no run is given")) },
          localize: (order) => ({ order, toLocal: (rung) => rung, toOwner: (rung) => rung }),
          onSource: () => undefined,
        }).over,
      log,
      ending.signal,
    );
  await expect(connect("wrong")).rejects.toMatchObject({ code: "unauthorized" });
  const connected = connect(address.key);
  await eventually("the worker", () => desk.see()[0]?.state === "idle");
  await desk.remove("pc");
  await expect(connected).rejects.toMatchObject({ code: "unauthorized" });
  server.close();
  server.closeAllConnections();
});
