import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filmChoicesSchema } from "@upreel/core";
import { expect, it } from "vitest";
import { startTestApp } from "../../testing/start-app.ts";
import { readField } from "../../testing/read-field.ts";

it("tells how a film that may be read can be made, and begins nothing", async () => {
  await using app = await startTestApp();
  const film = join(app.films, "a film.mkv");
  await writeFile(film, "");
  const ask = (query: string) => fetch(`${app.url}/choices${query}`);
  const response = await ask(`?path=${encodeURIComponent(film)}`);
  expect(filmChoicesSchema.parse(await response.json()).path).toBe(film);
  expect(app.streams.triggered).toEqual([]);
  expect(await readField(await ask(""), "code")).toBe("bad_request");
  expect(await readField(await ask("?path=/etc/passwd"), "code")).toBe("source_outside_roots");
});

it("gives a picture of a film that is not begun, by a model, of a scene that there is", async () => {
  const asked: unknown[] = [];
  await using app = await startTestApp({}, undefined, {
    async preview({ path }, wish) {
      asked.push([path, wish]);
      return path;
    },
  });
  const film = join(app.films, "a film.mkv");
  await writeFile(film, "a picture");
  const ask = (query: string) =>
    fetch(`${app.url}/preview?path=${encodeURIComponent(film)}${query}`);
  const response = await ask("&scene=2&model=net");
  expect(response.headers.get("content-type")).toBe("image/png");
  expect(await response.text()).toBe("a picture");
  await (await ask("")).body?.cancel();
  expect(asked).toEqual([
    [film, { scene: 2, model: "net" }],
    [film, { scene: 0, model: "original" }],
  ]);
  for (const query of ["&scene=3", "&scene=-1", "&scene=x", "&model="])
    expect(await readField(await ask(query), "code")).toBe("bad_request");
  const outside = await fetch(`${app.url}/preview?path=/etc/passwd`);
  expect(await readField(outside, "code")).toBe("source_outside_roots");
  expect([asked.length, app.streams.triggered]).toEqual([2, []]);
});

it("plans a film that somebody is about to click on, and begins nothing", async () => {
  await using app = await startTestApp();
  const film = join(app.films, "a film.mkv");
  await writeFile(film, "");
  const expected = (query: string) => fetch(`${app.url}/films/expect${query}`, { method: "POST" });
  expect((await expected(`?path=${encodeURIComponent(film)}`)).status).toBe(202);
  await expect.poll(() => app.told).toContain(`prepare ${film}`);
  expect(app.streams.triggered).toEqual([]);
  expect(await readField(await expected(""), "code")).toBe("bad_request");
});
