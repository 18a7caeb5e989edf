import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
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
  expect(reads).toBe(2);
  closing.abort();
  await turn();
  reads = 0;
  beginOriginal("a");
  await turn();
  expect(reads).toBeGreaterThan(0);
});
