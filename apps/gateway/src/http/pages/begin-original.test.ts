import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { eventually, makeRecord } from "@upreel/testkit";
import type { GatewayDeps } from "../deps.ts";
import { createBeginOriginal } from "./begin-original.ts";

it("begins the original once, however often its page is asked for meanwhile", async () => {
  let reads = 0;
  const closing = new AbortController();
  const beginOriginal = createBeginOriginal({
    ...{ closing: closing.signal, hold: { playlistMs: 60_000 } },
    log: { debug: () => undefined },
    streams: {
      status: () => ({ state: "queued", segmentsReady: 0, reason: null }),
      subscribe: () => () => undefined,
    },
    records: {
      async read() {
        reads += 1;
        return {};
      },
      subscribe: () => () => undefined,
    },
  } as unknown as GatewayDeps);
  for (let n = 0; n < 5; n++) beginOriginal("a");
  beginOriginal("b");
  await turn();
  // For its file, and for its plan.
  expect(reads).toBe(4);
  closing.abort();
  await turn();
  reads = 0;
  beginOriginal("a");
  await turn();
  expect(reads).toBeGreaterThan(0);
});

it("begins with the pictures before the film is planned, and gives up waiting for them when it is", async () => {
  const closing = new AbortController();
  const begun: { id: string; path: string; signal: AbortSignal }[] = [];
  let record = makeRecord();
  const changes: ((id: string) => void)[] = [];
  createBeginOriginal({
    ...{ closing: closing.signal, hold: { playlistMs: 60_000 } },
    log: { debug: () => undefined },
    streams: {
      status: () => ({ state: "queued", segmentsReady: 0, reason: null }),
      get: () => ({ state: "queued", reason: null }),
      subscribe: () => () => undefined,
    },
    records: {
      read: async () => record,
      subscribe: (change: (id: string) => void) => {
        changes.push(change);
        return () => undefined;
      },
    },
    renditions: {
      original: {
        beginTimed: async (film: typeof record, signal: AbortSignal) =>
          void begun.push({ id: film.id, path: film.file.path, signal }),
        codecName: () => Promise.reject(new Error("not asked here")),
      },
    },
  } as unknown as GatewayDeps)(record.id);
  await turn();
  expect(begun).toMatchObject([{ id: record.id, path: record.file.path }]);
  expect(begun[0]?.signal.aborted).toBe(false);
  const planned = { source: { audio: [] }, timeline: {}, output: {} };
  record = { ...record, ...planned } as unknown as typeof record;
  for (const tell of changes) tell(record.id);
  await eventually("its plan", () => begun[0]?.signal.aborted);
  closing.abort();
});
