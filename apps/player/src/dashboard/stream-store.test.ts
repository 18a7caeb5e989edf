import type { StreamStatus } from "@upreel/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createStreamStore } from "./stream-store.ts";

/** The part of a browser that the store needs; each call of the gateway is answered by a line of events. */
let lines: ReadableStreamDefaultController<Uint8Array>[] = [];
let drawing: (() => void)[] = [];
const closing = new AbortController();
beforeEach(() => {
  lines = [];
  drawing = [];
  const nothing = (): void => undefined;
  const listeners = { addEventListener: nothing, removeEventListener: nothing };
  const documentElement = { dataset: {} };
  vi.stubGlobal("document", { hidden: false, documentElement, ...listeners });
  vi.stubGlobal("location", { href: "http://upreel/" });
  vi.stubGlobal("localStorage", { getItem: () => null });
  vi.stubGlobal("requestAnimationFrame", (draw: () => void) => drawing.push(draw));
  vi.stubGlobal("fetch", async () => {
    const body = new ReadableStream<Uint8Array>({ start: (line) => void lines.push(line) });
    return new Response(body);
  });
});
afterEach(() => {
  closing.abort();
  vi.unstubAllGlobals();
});

const tell = (event: string, payload: object): void =>
  lines
    .at(-1)
    ?.enqueue(new TextEncoder().encode(`event: ${event}\ndata: ${JSON.stringify(payload)}\n\n`));
const status = (id: string): StreamStatus =>
  ({ id, title: id, state: "running", fps: 24, lead_seconds: 1 }) as StreamStatus;
/** Waits until something is to be drawn, and draws it. */
const draw = async (): Promise<void> => {
  await vi.waitFor(() => expect(drawing).not.toEqual([]), { timeout: 60_000 });
  for (const each of drawing.splice(0)) each();
};

it("tells of no empty list before it knows all, and keeps what it knows over a lost line", async () => {
  const store = createStreamStore(closing.signal);
  await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 60_000 });
  tell("status", status("a"));
  await draw();
  expect(store.line.value.kind).toBe("loading");
  tell("status", status("b"));
  tell("current", { ids: ["a", "b"] });
  await draw();
  expect([store.line.value.kind, store.ids.value]).toEqual(["live", ["a", "b"]]);
  const past = store.entry("b")?.history().atSeconds;
  expect(past).toHaveLength(1);

  lines[0]?.close();
  await vi.waitFor(() => expect(store.line.value.kind).toBe("lost"), { timeout: 60_000 });
  await vi.waitFor(() => expect(lines).toHaveLength(2), { timeout: 240_000 });
  expect(drawing).toEqual([]);
  tell("status", status("b"));
  await draw();
  expect([store.line.value.kind, store.ids.value]).toEqual(["lost", ["a", "b"]]);
  tell("current", { ids: ["b"] });
  await draw();
  expect([store.line.value.kind, store.ids.value]).toEqual(["live", ["b"]]);
  expect(store.entry("b")?.history().atSeconds).toEqual(past);
});
