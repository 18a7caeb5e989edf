import { createHmac } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createEventBus, type WebhookReceiver } from "@upreel/core";
import { eventually, makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { openWebhooks } from "./open-webhooks.ts";
import { startReceiver, type Receiver } from "./testing/start-receiver.ts";

const TIMES = { answerMs: 60_000, firstMs: 5, longestMs: 20, giveUpMs: 1e9 };
const film = (title: string) => ({ name: "film.started", stream: title, title }) as const;

async function open(dataDir: string, times = TIMES) {
  const log = makeRecordingLog();
  const nowMs = (): number => Date.now();
  const events = createEventBus(log, nowMs);
  const webhooks = await openWebhooks({ dataDir, events, log, nowMs, times });
  return {
    ...{ webhooks, events, log },
    states: () => webhooks.status().deliveries.map(({ state }) => state),
    settled: () =>
      eventually("all is sent", () =>
        webhooks.status().receivers.every(({ waiting }) => waiting === 0),
      ),
    [Symbol.asyncDispose]: () => webhooks[Symbol.asyncDispose](),
  };
}

const receiverOf = (url: string, over: Partial<WebhookReceiver> = {}) => ({
  ...{ name: "mine", url, kind: "json" as const, events: ["film.*"], is_enabled: true, ...over },
});
const titles = ({ received }: Receiver) => received.map(({ body }) => body["title"]);

it("tells a receiver that was down for a while, over restarts: each event once, in order", async () => {
  await using folder = await makeTempFolder();
  const gone = await startReceiver();
  const { port, url } = gone;
  await gone[Symbol.asyncDispose]();
  {
    await using opened = await open(folder.path);
    await opened.webhooks.add(receiverOf(url));
    for (const title of ["a", "b"]) opened.events.tell(film(title));
    opened.events.tell({ name: "disk.low", free_bytes: 1 });
    await eventually("two attempts", () =>
      opened.webhooks.status().deliveries.some(({ attempts }) => attempts > 1),
    );
    expect(opened.webhooks.status().deliveries.at(-1)).toMatchObject({
      ...{ event: "film.started", text: "a: Is being upscaled.", state: "waiting" },
      ...{ status: null, reason: "ECONNREFUSED" },
    });
  }
  await using opened = await open(folder.path);
  opened.events.tell(film("c"));
  await using receiver = await startReceiver(port);
  // Not now, the first time of each.
  const refused = new Set<unknown>();
  receiver.answer = ({ body }) => {
    const isFirst = !refused.has(body["title"]);
    refused.add(body["title"]);
    return isFirst ? { status: 503 } : { status: 200, body: "thanks" };
  };
  await opened.settled();
  expect(titles(receiver)).toEqual(["a", "a", "b", "b", "c", "c"]);
  expect(opened.states()).toEqual(["sent", "sent", "sent"]);
  // A receiver that got one twice sees that it did.
  const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
  expect([ids[0] === ids[1], new Set(ids).size]).toEqual([true, 3]);
});

it("signs what it sends so that anybody who has the secret can check it, and never tells the secret", async () => {
  await using folder = await makeTempFolder();
  await using receiver = await startReceiver();
  await using opened = await open(folder.path);
  const key = Buffer.from("twenty-four bytes or so!");
  const secret = `whsec_${key.toString("base64")}`;
  await opened.webhooks.add(receiverOf(`${receiver.url}/hook?key=private`, { secret }));
  opened.events.tell(film("a"));
  await opened.settled();
  const [first] = receiver.received;
  if (first === undefined) throw new Error("nothing came");
  const { headers, text } = first;
  const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${text}`;
  expect(headers["webhook-signature"]).toBe(
    `v1,${createHmac("sha256", key).update(signed).digest("base64")}`,
  );
  const told = JSON.stringify(opened.webhooks.status());
  expect(told).toContain('"has_secret":true');
  expect(told).not.toMatch(/whsec|private/);
  const path = join(folder.path, "webhooks.json");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readFile(path, "utf8")).toContain(secret);
});

it("follows no redirect, gives up what is refused, and goes on with the next", async () => {
  await using folder = await makeTempFolder();
  await using elsewhere = await startReceiver();
  await using receiver = await startReceiver();
  await using opened = await open(folder.path);
  const headers = { location: elsewhere.url };
  receiver.answer = ({ body: { title } }) =>
    title === "moved" ? { status: 307, headers } : { status: title === "refused" ? 403 : 200 };
  await opened.webhooks.add(receiverOf(receiver.url));
  for (const title of ["moved", "refused", "taken"]) opened.events.tell(film(title));
  await opened.settled();
  expect(titles(receiver)).toEqual(["moved", "refused", "taken"]);
  expect(elsewhere.received).toEqual([]);
  expect(opened.webhooks.status().deliveries).toMatchObject([
    { state: "sent", status: 200, reason: null },
    { state: "failed", status: 403, reason: "it answered 403" },
    { state: "failed", status: 307, reason: expect.stringContaining("another address") },
  ]);
});

it("sends again what is asked for, and a test, whatever the filter says", async () => {
  await using folder = await makeTempFolder();
  await using receiver = await startReceiver();
  await using opened = await open(folder.path);
  receiver.answer = () => ({ status: 400 });
  await opened.webhooks.add(receiverOf(receiver.url, { events: ["film.started"] }));
  opened.events.tell({ name: "worker.joined", worker: "attic" });
  opened.events.tell(film("a"));
  await opened.settled();
  receiver.answer = undefined;
  const [{ id: receiverId } = { id: "" }] = opened.webhooks.status().receivers;
  const [{ id } = { id: 0 }] = opened.webhooks.status().deliveries;
  opened.webhooks.sendAgain(id);
  opened.webhooks.test(receiverId);
  await opened.settled();
  expect(receiver.received.map(({ body }) => body["name"])).toEqual([
    ...["film.started", "film.started", "webhook.test"],
  ]);
  expect(opened.states()).toEqual(["sent", "sent", "failed"]);
  await opened.webhooks.change(receiverId, { is_enabled: false });
  expect(() => opened.webhooks.test(receiverId)).toThrow("switched off");
  opened.events.tell(film("b"));
  expect(opened.states()).toHaveLength(3);
  await opened.webhooks.remove(receiverId);
  expect(opened.webhooks.status()).toMatchObject({ receivers: [], deliveries: [] });
  await expect(opened.webhooks.remove(receiverId)).rejects.toThrow("there is no webhook");
});

it("keeps one message of a film in Discord that changes, and of those that wait sends the newest", async () => {
  await using folder = await makeTempFolder();
  await using receiver = await startReceiver();
  await using opened = await open(folder.path);
  const calls = () => receiver.received.map(({ method, url }) => `${method} ${url}`);
  let isUp = true;
  receiver.answer = ({ method }) => {
    if (!isUp) return { status: 500 };
    return { status: 200, body: method === "POST" ? '{"id": "77"}' : "{}" };
  };
  const url = `${receiver.url}/api/webhooks/1/token`;
  await opened.webhooks.add(receiverOf(url, { kind: "discord" }));
  opened.events.tell(film("Metropolis"));
  await opened.settled();
  isUp = false;
  opened.events.tell({ name: "film.firstSegment", stream: "Metropolis", title: "Metropolis" });
  await eventually("an attempt", () => receiver.received.length > 1);
  const failed = { code: "disk_full", message: "no room" } as const;
  opened.events.tell({
    ...{ name: "film.failed", stream: "Metropolis", title: "Metropolis", reason: failed },
  });
  opened.events.tell({
    ...{ name: "film.finished", stream: "Metropolis", title: "Metropolis", file: "/m.ts" },
  });
  isUp = true;
  await opened.settled();
  expect(calls()[0]).toBe("POST /api/webhooks/1/token?wait=true");
  expect(new Set(calls().slice(1))).toEqual(new Set(["PATCH /api/webhooks/1/token/messages/77"]));
  expect(receiver.received.at(-1)?.body).toMatchObject({
    embeds: [{ title: "Metropolis", description: "Is upscaled." }],
    allowed_mentions: { parse: [] },
  });
  expect(opened.states()).toContain("replaced");
  // Somebody deleted the message: there is a new one.
  receiver.answer = ({ method }) =>
    method === "PATCH" ? { status: 404 } : { status: 200, body: '{"id": "78"}' };
  opened.events.tell(film("Metropolis"));
  await opened.settled();
  expect(calls().slice(-2)).toEqual([
    "PATCH /api/webhooks/1/token/messages/77",
    "POST /api/webhooks/1/token?wait=true",
  ]);
});

it("holds up nothing by an address of which no call can be made", async () => {
  await using folder = await makeTempFolder();
  await using opened = await open(folder.path);
  await opened.webhooks.add(receiverOf("http://one.invalid/%zz", { kind: "ntfy" }));
  opened.events.tell(film("a"));
  await opened.settled();
  expect(opened.webhooks.status().deliveries).toMatchObject([
    { state: "failed", status: null, reason: expect.stringContaining("URI") },
  ]);
});

it("does not send the keys of one server to another one", async () => {
  await using folder = await makeTempFolder();
  await using opened = await open(folder.path);
  await opened.webhooks.add(
    receiverOf("http://one.invalid", { secret: "a secret", token: "a token of it" }),
  );
  const [{ id } = { id: "" }] = opened.webhooks.status().receivers;
  await opened.webhooks.change(id, { name: "renamed", url: "http://one.invalid/path" });
  expect(opened.webhooks.status().receivers).toMatchObject([
    { name: "renamed", has_secret: true, has_token: true },
  ]);
  await opened.webhooks.change(id, { url: "http://two.invalid", token: "another token" });
  expect(opened.webhooks.status().receivers).toMatchObject([
    { host: "two.invalid", has_secret: false, has_token: true },
  ]);
  await opened.webhooks.change(id, { token: null });
  expect(opened.webhooks.status().receivers).toMatchObject([{ has_token: false }]);
});

it("leaves a file alone that it cannot read, and says what is wrong with it", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "webhooks.json");
  const wrong =
    '{"receivers": [{"id": "a", "name": "a", "url": "file:///etc", "events": ["x.y"]}]}';
  await writeFile(path, wrong);
  await using opened = await open(folder.path);
  expect(opened.log.entries[0]?.message).toMatch(/webhooks\.json cannot be read[^]*film\.\*/);
  await expect(opened.webhooks.add(receiverOf("http://one.invalid"))).rejects.toThrow(
    "cannot be read",
  );
  expect(await readFile(path, "utf8")).toBe(wrong);
});

it("keeps all receivers that are added at once", async () => {
  await using folder = await makeTempFolder();
  {
    await using opened = await open(folder.path);
    const names = ["mine", "yours"];
    await Promise.all(
      names.map((name) => opened.webhooks.add(receiverOf("http://127.0.0.1:1", { name }))),
    );
  }
  await using again = await open(folder.path);
  expect(again.webhooks.status().receivers.map(({ name }) => name)).toEqual(["mine", "yours"]);
});
