import type { StreamStatus } from "@upreel/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createStreamStore } from "./stream-store.ts";

/** The part of a browser that the store needs; each call of the gateway is answered by a line of events. */
let lines: ReadableStreamDefaultController<Uint8Array>[] = [];
let drawing: (() => void)[] = [];
let closing = new AbortController();
beforeEach(() => {
  closing = new AbortController();
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
  ({ id, title: id, film: id, state: "running", fps: 24, lead_seconds: 1 }) as StreamStatus;
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
  const [began] = store.entry("b")?.history().atSeconds ?? [];
  expect(began).toBeDefined();

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
  // A second point follows where more than a second has passed.
  expect(store.entry("b")?.history().atSeconds[0]).toBe(began);
});

it("orders what waits as it is made: what is watched, then by hand, then as it came", async () => {
  const store = createStreamStore(closing.signal);
  await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 60_000 });
  const queued = (id: string, more: Partial<StreamStatus>): StreamStatus => ({
    ...status(id),
    ...{ state: "queued", priority: "background", viewers: 0, ...more },
  });
  const films = [
    queued("done", { state: "complete", wanted_at: 0 }),
    queued("late", { wanted_at: 4 }),
    queued("early", { wanted_at: 3 }),
    queued("running", { state: "running", wanted_at: 5 }),
    queued("hand", { wanted_at: 9 }),
    queued("watched", { viewers: 1, watched: true, wanted_at: 10 }),
    queued("triggered", { watched: true, wanted_at: 12 }),
    queued("asked", { priority: "viewer", wanted_at: 11 }),
  ];
  for (const film of films) tell("status", film);
  tell("queue", { ids: ["hand"] });
  tell("current", { ids: films.map(({ id }) => id) });
  await draw();
  const byTime = ["asked", "early", "late", "running", "done"];
  expect(store.ids.value).toEqual(["watched", "triggered", "hand", ...byTime]);
  store.putInOrder(["late", "hand"]);
  expect(store.ids.value).toEqual([
    ...["watched", "triggered", "late", "hand", "asked", "early", "running", "done"],
  ]);
});
