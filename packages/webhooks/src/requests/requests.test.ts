import type { UpreelEvent, WebhookReceiver } from "@upreel/core";
import { expect, it } from "vitest";
import { startReceiver } from "../testing/start-receiver.ts";
import { makeRequest } from "./make-request.ts";
import { sendRequest } from "./send-request.ts";

const EVENT: UpreelEvent = {
  ...{ id: "e", at_ms: Date.UTC(2026, 0, 1), name: "film.failed", stream: "s_1", title: "Ödland" },
  reason: { code: "disk_full", message: "the disk is full" },
};
const bodyOf = (receiver: Pick<WebhookReceiver, "kind" | "url" | "token">) => {
  const { url, headers, body } = makeRequest(receiver, EVENT, undefined);
  return { url, headers, body: JSON.parse(body) as unknown };
};

it("speaks ntfy: the topic is the end of the address, also below a path", () => {
  const url = "https://example.org/push/films%20of%20mine/";
  expect(bodyOf({ kind: "ntfy", url, token: "tk_12345" })).toMatchObject({
    url: "https://example.org/push/",
    headers: { Authorization: "Bearer tk_12345" },
    body: {
      ...{ topic: "films of mine", title: "Ödland", message: "Failed: the disk is full" },
      ...{ priority: 4, sequence_id: "s_1" },
    },
  });
});

it("speaks Gotify, by the address of the server or of its messages", () => {
  for (const url of ["http://gotify.lan", "http://gotify.lan/message"])
    expect(bodyOf({ kind: "gotify", url, token: "A12345678" })).toMatchObject({
      url: "http://gotify.lan/message",
      headers: { "X-Gotify-Key": "A12345678" },
      body: { title: "Ödland", message: "Failed: the disk is full", priority: 8 },
    });
});

it("gives Home Assistant and programs the event itself, with words for people", () => {
  const url = "http://ha.lan:8123/api/webhook/abc";
  expect(bodyOf({ kind: "home-assistant", url }).body).toMatchObject({
    ...{ name: "film.failed", stream: "s_1", reason: { code: "disk_full" } },
    ...{ title: "Ödland", text: "Failed: the disk is full", tag: "upreel-s_1" },
  });
  expect(bodyOf({ kind: "json", url }).body).toEqual({
    ...EVENT,
    text: "Ödland: Failed: the disk is full",
  });
});

const signal = new AbortController().signal;
const post = (url: string, timeoutMs = 60_000) =>
  sendRequest({ method: "POST", url, headers: {}, body: "{}" }, { signal, timeoutMs });

it("waits as long as a receiver asks for, and not for ever for an answer", async () => {
  await using receiver = await startReceiver();
  receiver.answer = () => ({ status: 429, headers: { "retry-after": "7" } });
  expect(await post(receiver.url)).toEqual({
    ...{ kind: "later", status: 429, reason: "it answered 429", afterMs: 7_000 },
  });
  // One that takes connections and says nothing.
  await using silent = await startReceiver();
  silent.answer = () => ({ status: -1 });
  expect(await post(silent.url, 50)).toMatchObject({
    ...{ kind: "later", status: undefined, reason: "no answer within 0.05 s" },
  });
});

it("reads no more of an answer than could be of use", async () => {
  await using receiver = await startReceiver();
  receiver.answer = () => ({ status: 200, body: "x".repeat(1_000_000) });
  expect(await post(receiver.url)).toEqual({ kind: "taken", status: 200, message: undefined });
  receiver.answer = () => ({ status: 200, body: '{"id": 7}' });
  expect(await post(receiver.url)).toMatchObject({ message: undefined });
});
