import { expect, test } from "vitest";
import { makeWorld } from "./testing/fake-world.ts";
import { film } from "./testing/films.ts";

test("has and get know the streams that list shows, and no stream that is only prepared", async () => {
  await using world = await makeWorld();
  const { streams } = world;
  expect([streams.has("nobody"), streams.get("nobody")]).toEqual([false, undefined]);
  const prepared = await streams.prepare(film("a"), 0);
  expect([streams.has(prepared), streams.get(prepared), streams.list()]).toEqual([
    false,
    undefined,
    [],
  ]);
  expect(streams.status(prepared).id).toBe(prepared);
  const { id } = await streams.trigger(film("a"));
  expect(id).toBe(prepared);
  expect([streams.has(id), streams.get(id)?.title]).toEqual([true, streams.list()[0]?.title]);
  await streams.remove(id);
  expect(streams.has(id)).toBe(false);
});
