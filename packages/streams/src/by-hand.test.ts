import { setImmediate as nextTurn } from "node:timers/promises";
import type { StreamView } from "@upreel/core";
import { eventually, makeTimeline } from "@upreel/testkit";
import { expect, it } from "vitest";
import { byHand } from "./by-hand.ts";
import { RANK, type Need } from "./need.ts";
import { makeWorld } from "./testing/fake-world.ts";
import { film } from "./testing/films.ts";
import { simulate } from "./testing/simulate.ts";

const need = (stream: string, rank: Need["rank"]): Need => ({
  ...{ stream, kind: "make", gap: { from: 0, to: 1 }, run: undefined, isAtWork: false },
  ...{ rank, leadSeconds: 0, waiting: "no", order: 7 },
});

it("puts nothing before what is watched, and makes nothing again sooner", () => {
  const turns = new Map([["a", 0]]);
  for (const rank of [RANK.watched, RANK.remake, RANK.prepared])
    expect(byHand(need("a", rank), turns)).toEqual(need("a", rank));
  expect(byHand(need("b", RANK.background), turns)).toEqual(need("b", RANK.background));
  expect(byHand(need("a", RANK.background), turns)).toMatchObject({ rank: RANK.viewer, order: -1 });
});

it("makes films in the order that they were given by hand, but first what somebody watches", async () => {
  await using world = await makeWorld();
  const timeline = { ...makeTimeline(24 * 60, { num: 24, den: 1 }), framesPerSegment: 48 };
  world.timeline = timeline;
  const simulation = simulate(world, timeline, () => 10);
  const { streams } = world;
  const ids: string[] = [];
  for (const name of ["a", "b", "c"])
    ids.push((await streams.trigger({ ...film(name), priority: "background" })).id);
  const [a = "", b = "", c = ""] = ids;
  const running = () => ids.filter((id) => streams.status(id).makingRanges.length > 0);
  await simulation.pass(2);
  expect(running()).toEqual([a]);
  streams.setOrder([c, b]);
  await simulation.pass(2);
  expect(running()).toEqual([c]);
  // Of two that were put in order, the one that is first by now takes the other one's place.
  streams.setOrder([b, c]);
  await simulation.pass(1);
  expect(running()).toEqual([b]);
  streams.setOrder([c, b]);
  await simulation.pass(1);
  // Who is triggered for somebody who may watch comes behind them, and before them once he does.
  const { id: d } = await streams.trigger({ ...film("d"), priority: "next" });
  ids.push(d);
  await simulation.pass(1);
  expect(running()).toEqual([c]);
  simulation.play(a, 30);
  await simulation.pass(1);
  expect(running()).toEqual([a]);
  await simulation.pass(200, () => streams.status(d).state === "complete");
  const ended = world.events.flatMap((event) =>
    event.type === "status" && event.status.state === "complete" ? [event.status.id] : [],
  );
  expect([...new Set(ended)].filter((id) => id !== a)).toEqual([c, b, d]);
});

it("tells that a film which was just triggered goes first, and when it does no longer", async () => {
  await using world = await makeWorld();
  const { streams } = world;
  const { id } = await streams.trigger(film("a"));
  const { id: other } = await streams.trigger({ ...film("b"), priority: "background" });
  expect([streams.status(id), streams.status(other)]).toMatchObject([
    { viewers: 0, isWatched: true },
    { viewers: 0, isWatched: false },
  ]);
  await streams.pause(id);
  // Nothing else is told of it from now on.
  for (let turn = 0; turn < 20; turn++) await nextTurn();
  world.clock.advance(31_000);
  const toldOfIt = (): readonly StreamView[] =>
    world.events.flatMap((event) =>
      event.type === "status" && event.status.id === id ? [event.status] : [],
    );
  await eventually("it is told", () => toldOfIt().at(-1)?.isWatched === false);
});

it("goes on after a restart in the order in which films were wanted", async () => {
  const first = await makeWorld();
  const ids: string[] = [];
  for (const name of ["a", "b", "c"])
    ids.push((await first.streams.trigger({ ...film(name), priority: "background" })).id);
  const recovered = ids.toReversed().map((id, k) => {
    const folder = first.folder(id);
    const record = folder.saved.at(-1);
    if (record === undefined) throw new Error("it was never saved");
    return { folder, record: { ...record, broadcastStartedAtMs: 1_000 - k } };
  });
  await first[Symbol.asyncDispose]();
  await using world = await makeWorld({ recovered });
  const working = world.streams.list().filter(({ state }) => state !== "queued");
  expect(working.map(({ id }) => id)).toEqual([ids[0]]);
});
