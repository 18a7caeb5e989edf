import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually, makeSharedLeases, makeTempFolder, whileUnreadable } from "@upreel/testkit";
import { expect, test } from "vitest";
import { keepEvictedFilms, type EvictedFilm } from "./evicted-films.ts";

const film = (id: string, title = id): EvictedFilm => ({
  ...{ id, title, file: { path: `/films/${id}.mkv`, sizeBytes: 1, modifiedMs: 2 } },
  profile: { model: "auto", scale: 2, encoder: "libx264", quality: 20 },
});

test("what was deleted to make room is known after a restart, the last films of it", async () => {
  await using folder = await makeTempFolder();
  const first = keepEvictedFilms(folder.path);
  expect(await first.find("a")).toBeUndefined();
  await first.note(film("a", "An old title"));
  await first.note(film("a"));
  const again = keepEvictedFilms(folder.path, 2);
  expect(await again.find("a")).toEqual(film("a"));
  for (const id of ["b", "c"]) await again.note(film(id));
  expect(await again.find("a")).toBeUndefined();
  expect(await again.find("b")).toEqual(film("b"));
});

test("what cannot be read is begun anew", async () => {
  await using folder = await makeTempFolder();
  await writeFile(join(folder.path, "evicted.json"), '[{"id": "a"');
  const films = keepEvictedFilms(folder.path);
  expect(await films.find("a")).toBeUndefined();
  await films.note(film("b"));
  expect(await films.find("b")).toEqual(film("b"));
});

test("what is deleted by hand is forgotten, also after a restart", async () => {
  await using folder = await makeTempFolder();
  const films = keepEvictedFilms(folder.path);
  await Promise.all(["a", "b"].map((id) => films.note(film(id))));
  await films.forget("a");
  await films.forget("unknown");
  for (const each of [films, keepEvictedFilms(folder.path)]) {
    expect(await each.find("a")).toBeUndefined();
    expect(await each.find("b")).toEqual(film("b"));
  }
});

test("a folder that fails for a moment costs several gateways none of their films", async () => {
  await using folder = await makeTempFolder();
  const films = keepEvictedFilms(folder.path, 10, makeSharedLeases().at("http://a"));
  await films.note(film("a"));
  await whileUnreadable(join(folder.path, "evicted.json"), () =>
    expect(films.note(film("b"))).rejects.toThrow("ELOOP"),
  );
  await films.note(film("c"));
  expect(await films.find("a")).toEqual(film("a"));
});

test("on a full disk it is remembered as long as the gateway runs", async () => {
  await using folder = await makeTempFolder();
  const file = join(folder.path, "file");
  await writeFile(file, "");
  const films = keepEvictedFilms(join(file, "data"));
  await expect(films.note(film("a"))).rejects.toThrow("ENOTDIR");
  expect(await films.find("a")).toEqual(film("a"));
});

test("of several gateways none forgets what another one noted", async () => {
  await using folder = await makeTempFolder();
  const leases = makeSharedLeases();
  const open = (address: string) => keepEvictedFilms(folder.path, 100, leases.at(address));
  const [a, b] = [open("http://a"), open("http://b")];
  expect([await a.find("a0"), await b.find("a0")]).toEqual([undefined, undefined]);
  const ids = [0, 1, 2, 3].flatMap((k) => [`a${k}`, `b${k}`]);
  await Promise.all(ids.map((id) => (id.startsWith("a") ? a : b).note(film(id))));
  for (const each of [a, b])
    for (const id of ids) await eventually(`${id} is known`, async () => each.find(id));
  await b.forget("a1");
  await eventually("it is forgotten", async () => (await a.find("a1")) === undefined);
  expect(await open("http://c").find("a0")).toEqual(film("a0"));
});

test("of several gateways one that forgets a film while it notes another one does both", async () => {
  await using folder = await makeTempFolder();
  const leases = makeSharedLeases();
  const films = keepEvictedFilms(folder.path, 100, leases.at("http://a"));
  await films.note(film("a"));
  await Promise.all([films.forget("a"), films.note(film("b"))]);
  const again = keepEvictedFilms(folder.path);
  expect([await again.find("a"), await again.find("b")]).toEqual([undefined, film("b")]);
});
