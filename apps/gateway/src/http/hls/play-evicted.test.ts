import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../../testing/start-app.ts";

const PROFILE = { model: "auto", scale: 2, encoder: "libx264", quality: 20 } as const;

let app: TestApp;
let path: string;
beforeEach(async () => {
  app = await startTestApp();
  path = join(app.films, "film.mkv");
  await writeFile(path, "a film");
  const { size: sizeBytes, mtimeMs: modifiedMs } = await stat(path);
  const film = { title: "Film", file: { path, sizeBytes, modifiedMs }, profile: PROFILE };
  for (const id of ["abc", "other"]) await app.evicted.note({ id, ...film });
});
afterEach(() => app[Symbol.asyncDispose]());

const statusOf = async (name: string, method = "GET"): Promise<number> => {
  const response = await fetch(`${app.url}/hls/abc/${name}`, { method });
  await response.body?.cancel();
  return response.status;
};

it.each(["stream.m3u8", "live.m3u8", "master.m3u8", "segments/000003.ts", "archive.ts"])(
  "a film that was deleted to make room is made again for who plays its %s",
  async (name) => {
    Object.assign(app.hold, { playlistMs: 100, playlistSilentMs: 30 });
    await statusOf(name);
    expect(app.streams.triggered).toMatchObject([
      { title: "Film", file: { path }, profile: PROFILE },
    ]);
    expect(app.streams.wanted[0]).toBe("abc");
  },
);

it("its segment is held like any other that is being made", async () => {
  const answer = fetch(`${app.url}/hls/abc/segments/000003.ts`);
  while (app.streams.asked.length === 0) await new Promise(setImmediate);
  await app.streams.publish("abc", 3, Buffer.alloc(188, 7));
  expect((await (await answer).bytes()).subarray(-188)).toEqual(new Uint8Array(188).fill(7));
});

it("nothing is made for who only looks, for what is there, or for another film", async () => {
  expect(await statusOf("stream.m3u8", "HEAD")).toBe(404);
  expect(await statusOf("thumbs.vtt")).toBe(404);
  app.streams.put({ id: "abc", state: "failed" });
  await statusOf("stream.m3u8");
  expect(app.streams.triggered).toEqual([]);
});

it("nothing is made of a film that is another one now", async () => {
  await writeFile(path, "another film");
  expect(await statusOf("stream.m3u8")).toBe(404);
  expect(app.streams.triggered).toEqual([]);
});

it("what somebody deletes by hand stays deleted", async () => {
  app.streams.put({ id: "abc" });
  expect((await fetch(`${app.url}/streams/abc`, { method: "DELETE" })).status).toBe(200);
  expect(await statusOf("stream.m3u8")).toBe(404);
  expect(app.streams.triggered).toEqual([]);
});
