import { createJellyfinClient } from "@upreel/jellyfin";
import {
  makeFakeItem,
  makeMemoryRecords,
  makeRecord,
  makeRecordingLog,
  ROOT_USER,
  startFakeJellyfin,
} from "@upreel/testkit";
import { expect, it } from "vitest";
import { createJellyfinPlaces } from "./jellyfin-places.ts";

const FILM = "a".repeat(32);
const PATH = "/media/movies/heat.mkv";
const AT = "2026-11-20T20:00:00Z";

/** One film that the first user has left after ten minutes. */
async function startPlaces(pageUser?: string, nowMs = () => 0) {
  const item = makeFakeItem({ id: FILM, path: PATH });
  const jellyfin = await startFakeJellyfin({ items: [item] });
  const left = { played: false, favourite: false, playCount: 1, lastPlayedDate: AT };
  jellyfin.items[0]?.userData.set(ROOT_USER.id, { ...left, positionTicks: 6_000_000_000 });
  const records = makeMemoryRecords();
  const file = { path: "/films/heat.mkv", sizeBytes: 1, modifiedMs: 1 };
  await records.save(makeRecord({ id: "one", file }));
  const places = createJellyfinPlaces({
    ...{ records, nowMs, log: makeRecordingLog() },
    config: { jellyfin: { pageUser, pathMap: [{ from: "/media/movies", to: "/films" }] } },
    client: createJellyfinClient({
      url: jellyfin.url,
      apiKey: jellyfin.apiKey,
      attempts: 1,
      openMs: 1,
    }),
  });
  return { jellyfin, places, records };
}

it("a film was left where the named user left it, in any spelling of his name", async () => {
  const { jellyfin, places } = await startPlaces(ROOT_USER.name.toUpperCase());
  await using _closed = jellyfin;
  expect(await places.of("one")).toEqual({ seconds: 600, at_ms: Date.parse(AT) });
  jellyfin.items[0]?.userData.clear();
  expect(await places.of("one")).toBeUndefined();
});

it("a film that was seen to its end begins anew, and one that was only looked into says nothing", async () => {
  const { jellyfin, places } = await startPlaces(ROOT_USER.name);
  await using _closed = jellyfin;
  const seen = (played: boolean) =>
    jellyfin.items[0]?.userData.set(ROOT_USER.id, {
      ...{ played, favourite: false, playCount: 1, lastPlayedDate: AT, positionTicks: 0 },
    });
  seen(true);
  expect(await places.of("one")).toEqual({ seconds: 0, at_ms: Date.parse(AT) });
  // Jellyfin forgets the place of who has begun it anew, and keeps the day.
  seen(false);
  expect(await places.of("one")).toBeUndefined();
});

it("nobody is told of somebody else's place, nor of a film that Jellyfin does not have", async () => {
  const other = await startPlaces("nobody");
  await using _other = other.jellyfin;
  expect(await other.places.of("one")).toBeUndefined();
  const { jellyfin, places, records } = await startPlaces(ROOT_USER.name);
  await using _closed = jellyfin;
  const file = { path: "/films/unknown.mkv", sizeBytes: 1, modifiedMs: 1 };
  await records.save(makeRecord({ id: "two", file }));
  expect([await places.of("two"), await places.of("gone")]).toEqual([undefined, undefined]);
});

it("without a name it is the only user, and nobody where there are several", async () => {
  let nowMs = 0;
  const { jellyfin, places } = await startPlaces(undefined, () => nowMs);
  await using _closed = jellyfin;
  expect((await places.of("one"))?.seconds).toBe(600);
  jellyfin.users.push({ ...ROOT_USER, id: "b".repeat(32), name: "child", token: "c".repeat(32) });
  nowMs = 3_600_000;
  expect(await places.of("one")).toBeUndefined();
});

it("a Jellyfin that is away says nothing, and is asked again", async () => {
  const { jellyfin, places } = await startPlaces();
  await using _closed = jellyfin;
  jellyfin.behaviour.failWith = 500;
  expect(await places.of("one")).toBeUndefined();
  jellyfin.behaviour.failWith = undefined;
  await expect.poll(async () => (await places.of("one"))?.seconds).toBe(600);
});
