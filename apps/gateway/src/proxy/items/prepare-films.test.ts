import { setImmediate as turn } from "node:timers/promises";
import { makeRecordingLog } from "@upreel/testkit";
import { expect, it, vi } from "vitest";
import { prepareFilms } from "./prepare-films.ts";

const film = (name: string, fromSeconds = 0) => ({ path: name, title: name, fromSeconds });

function setUp(keptMs = 60_000) {
  const calls: string[] = [];
  const prepared = prepareFilms({
    ...{ log: makeRecordingLog(), keptMs },
    prepare: async ({ path }) => {
      calls.push(`make ${path}`);
      await turn();
      if (path === "broken") throw new Error("no film");
      return path === "hopeless" ? undefined : path;
    },
    streams: { dropPrepared: async (id) => void calls.push(`drop ${id}`) },
  });
  return { calls, prepared };
}

it("keeps one film ready at a time, and that until another is played", async () => {
  const { calls, prepared } = setUp();
  const first = prepared.expect(film("a"));
  await turn();
  await prepared.expect(film("a"));
  expect(calls).toEqual(["make a"]);
  const second = prepared.expect(film("b"));
  await first;
  expect(calls.toSorted()).toEqual(["drop a", "make a", "make b"]);
  prepared.yieldTo("b");
  await turn();
  expect(calls).not.toContain("drop b");
  prepared.yieldTo("c");
  await second;
  expect(calls.at(-1)).toBe("drop b");
});

it("makes it anew from another place, and lets go of it while it is still being begun", async () => {
  const { calls, prepared } = setUp();
  const first = prepared.expect(film("a"));
  void prepared.expect(film("a", 70));
  await first;
  expect(calls).toEqual(["make a", "make a", "drop a"]);
  prepared[Symbol.dispose]();
});

it("drops what nobody plays, and begins nothing where that is not worth it", async () => {
  const { calls, prepared } = setUp(5);
  await prepared.expect(film("a"));
  await prepared.expect(film("hopeless"));
  await prepared.expect(film("broken"));
  await vi.waitFor(
    () => expect(calls).toEqual(["make a", "drop a", "make hopeless", "make broken"]),
    { timeout: 60_000 },
  );
});
