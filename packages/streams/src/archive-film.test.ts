import type { Reason } from "@upreel/core";
import { expect, it } from "vitest";
import { makeWorld } from "./testing/fake-world.ts";
import { film } from "./testing/films.ts";

const MISSING: Reason = { code: "film_incomplete", message: "the film lacks sound" };

it("a film that lacks something says so, until one that was made again has it", async () => {
  await using world = await makeWorld();
  world.prove = ({ archive }) =>
    Promise.resolve(archive === "/upscaled/film.ts" ? MISSING : undefined);
  const { id } = await world.streams.trigger(film("a"));
  (await world.run(0)).finish();
  await world.state(id, "complete");
  expect(world.streams.status(id).reason).toEqual(MISSING);
  expect(world.folder(id).saved.at(-1)).toMatchObject({ state: "complete", reason: MISSING });

  world.folder(id).isArchiveThere = false;
  world.folder(id).ready.clear();
  world.prove = () => Promise.resolve(undefined);
  await world.streams.trigger(film("a"));
  (await world.run(1)).finish();
  await world.state(id, "complete");
  expect(world.streams.status(id).reason).toBeUndefined();
});

it("a film of which segments have no sound says which", async () => {
  await using world = await makeWorld();
  const { id } = await world.streams.trigger(film("a"));
  const run = await world.run(0);
  world.folder(id).soundless = [4, 5];
  run.finish();
  await world.state(id, "complete");
  expect(world.streams.status(id).reason).toEqual({
    code: "film_incomplete",
    message: "the film has segments in which its sound breaks off, first segment 4, at 00:00:02",
    expected: "sound from the start of each segment to its end",
    got: "2 without",
  });
});

it("a film that cannot be compared with its source is complete without a word, but for the log", async () => {
  await using world = await makeWorld();
  world.prove = () => Promise.reject(new Error("the disk is away"));
  const { id } = await world.streams.trigger(film("a"));
  (await world.run(0)).finish();
  await world.state(id, "complete");
  expect(world.streams.status(id).reason).toBeUndefined();
  expect(JSON.stringify(world.log)).toContain("could not be compared with its source");
});

it("the film is compared with what all its runs have decoded, which is then forgotten", async () => {
  await using world = await makeWorld();
  const compared: unknown[] = [];
  world.prove = ({ decoded }) => {
    compared.push(decoded);
    return Promise.resolve(undefined);
  };
  const { id } = await world.streams.trigger(film("a"));
  const first = await world.run(0);
  const { fromSegment, toSegment } = first.order;
  first.publish(fromSegment, fromSegment + 2);
  first.end({ why: "failed", frames: 30, reason: MISSING, decoded: [12, 11] });
  const second = await world.run(1);
  second.publish(second.order.fromSegment, toSegment);
  const rest = Array.from({ length: toSegment - second.order.fromSegment }, () => 12);
  second.end({ why: "finished", frames: 96, decoded: rest });
  await world.state(id, "complete");
  expect(compared).toEqual([[12, 11, ...rest]]);
  expect(world.folder(id).saved.at(-1)?.decoded).toBeUndefined();
});
