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
