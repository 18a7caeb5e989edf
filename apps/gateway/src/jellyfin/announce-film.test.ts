import { createJellyfinClient } from "@upreel/jellyfin";
import { eventually, makeRecordingLog, MOVIES, startFakeJellyfin } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createFakeStreams } from "../../../../packages/streams/src/testing/fake-streams.ts";
import { createFilmAnnouncer } from "./announce-film.ts";

const setUp = async (location: string, pathMap: { from: string; to: string }[] = []) => {
  const fake = await startFakeJellyfin();
  fake.libraries.splice(0, 1, { ...MOVIES, locations: ["/elsewhere", location] });
  const streams = createFakeStreams("/data");
  const log = makeRecordingLog();
  const client = createJellyfinClient({ url: fake.url, apiKey: fake.apiKey, attempts: 1 });
  const config = { jellyfin: { pathMap } };
  const announcer = createFilmAnnouncer({ config, client, streams, log });
  const told = (): unknown[] =>
    fake.requests
      .filter(({ url }) => url === "/Library/Media/Updated")
      .map(({ body }) => JSON.parse(body));
  return { fake, streams, log, announcer, told, [Symbol.asyncDispose]: () => fake.stop() };
};
const created = (Path: string): unknown => ({ Updates: [{ Path, UpdateType: "Created" }] });

it.each([
  ["/media", [{ from: "/media", to: "/films" }], "/media/A (2001)/A - Upscaled.mkv"],
  ["/films/", [], "/films/A (2001)/A - Upscaled.mkv"],
  ["D:\\Films", [{ from: "D:\\Films", to: "/films" }], "D:\\Films\\A (2001)\\A - Upscaled.mkv"],
])("a film in the library %s is told of by Jellyfin's own name", async (location, map, name) => {
  await using test = await setUp(location, map);
  await test.announcer.announce("/films/A (2001)/A - Upscaled.mkv");
  expect(test.told()).toEqual([created(name)]);
});

it("one that is in no library is nobody's business, and a server that is away no error", async () => {
  await using test = await setUp("/media");
  await test.announcer.announce("/films/a.mkv");
  expect(test.told()).toEqual([]);
  await test.fake.stop();
  await test.announcer.announce("/media/a.mkv");
  expect(JSON.stringify(test.log.entries)).toContain("Jellyfin is not told of /media/a.mkv");
});

it("an archive is told of once, when its film is finished", async () => {
  await using test = await setUp("/data/upscaled");
  const { streams, told } = test;
  streams.put({ id: "abc", state: "running", file: undefined });
  streams.put({ id: "abc", state: "complete", file: "/data/upscaled/a.ts" });
  streams.put({ id: "abc", state: "complete", file: "/data/upscaled/a.ts", viewers: 1 });
  await eventually("it is told", () => told().length > 0);
  expect(told()).toEqual([created("/data/upscaled/a.ts")]);
});
