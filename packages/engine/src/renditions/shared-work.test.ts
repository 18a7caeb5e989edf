import { expect, test } from "vitest";
import { createSharedWork } from "./shared-work.ts";

const never = new AbortController().signal;

/** Work that ends by hand. */
function makeWork() {
  const { promise, resolve } = Promise.withResolvers<string>();
  const stops: AbortSignal[] = [];
  const work = (stop: AbortSignal): Promise<string> => {
    stops.push(stop);
    return promise;
  };
  return { work, stops, end: resolve };
}

test("clients of the same key share one piece of work", async () => {
  const shared = createSharedWork<string>(2, never);
  const { work, stops, end } = makeWork();
  const both = [shared.share("a", never, work), shared.share("a", never, work)];
  end("made");
  expect(await Promise.all(both)).toEqual(["made", "made"]);
  expect(stops).toHaveLength(1);
});

test("it is stopped when the last client goes, not before", async () => {
  const shared = createSharedWork<string>(2, never);
  const { work, stops } = makeWork();
  const clients = [new AbortController(), new AbortController()] as const;
  const both = clients.map(({ signal }) => shared.share("a", signal, work));
  clients[0].abort();
  await expect(both[0]).rejects.toThrow();
  expect(stops[0]?.aborted).toBe(false);
  clients[1].abort();
  await expect(both[1]).rejects.toThrow();
  expect(stops[0]?.aborted).toBe(true);
});

test("more than the bound is refused, with what to do", async () => {
  const shared = createSharedWork<string>(1, never);
  const { work, end } = makeWork();
  const first = shared.share("a", never, work);
  await expect(shared.share("b", never, work)).rejects.toMatchObject({ code: "timeout" });
  end("made");
  expect(await first).toBe("made");
});
