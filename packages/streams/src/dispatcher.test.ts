import { makeManualClock } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createDispatcher } from "./dispatcher.ts";
import type { Need } from "./need.ts";
import type { Stream } from "./stream-api.ts";
import { makeOffers } from "./testing/make-offers.ts";

it("asks no other stream what it needs when one more comes that has to wait", () => {
  let asked = 0;
  const working: string[] = [];
  const streams: Stream[] = [];
  const workers = { offers: () => makeOffers(2), isReady: () => true };
  const dispatcher = createDispatcher(() => streams, { clock: makeManualClock(), workers });
  const add = (): void => {
    const order = streams.length;
    const id = `s${order}`;
    const need: Need = {
      ...{ stream: id, kind: "plan", gap: { from: 0, to: 0 }, run: undefined, rank: 0, order },
      ...{ isAtWork: false, leadSeconds: 0, waiting: "now" },
    };
    const stream: Pick<Stream, "id" | "runs" | "needs" | "giveUpPlaces" | "take"> = {
      id,
      runs: () => [],
      needs() {
        asked += 1;
        return [{ ...need, isAtWork: working.includes(id) }];
      },
      giveUpPlaces: () => undefined,
      take: (given) => void (given.length > 0 && !working.includes(id) && working.push(id)),
    };
    streams.push(stream as Stream);
    dispatcher.admit(stream as Stream);
  };
  for (let n = 0; n < 300; n++) add();
  expect(working).toEqual(["s0", "s1"]);
  // One question each, and a few more while there were places: not one to each for each of them.
  expect(asked).toBeLessThan(310);
  working.length = 0;
  streams.shift();
  dispatcher.dispatch();
  expect(working).toEqual(["s1", "s2"]);
});
