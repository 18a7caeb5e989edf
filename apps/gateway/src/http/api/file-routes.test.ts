import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startTestApp } from "../../testing/start-app.ts";

async function listing(url: string, path?: string) {
  const query = path === undefined ? "" : `?path=${encodeURIComponent(path)}`;
  const response = await fetch(`${url}/files${query}`);
  return { status: response.status, body: JSON.parse(await response.text()) };
}

it("folders and films are listed by name, folders first, other files not at all", async () => {
  await using app = await startTestApp();
  await mkdir(join(app.films, "Series/Season 1"), { recursive: true });
  for (const name of ["10.mkv", "9.mkv", "9.nfo", ".hidden.mkv", "Zoo.MP4"])
    await writeFile(join(app.films, name), "film");
  const top = await listing(app.url);
  expect(top.body).toMatchObject({ path: null, entries: [{ path: app.films, kind: "folder" }] });
  const { body } = await listing(app.url, `${app.films}/`);
  expect(body).toMatchObject({ path: app.films, parent: null, is_cut: false });
  expect(body.entries).toEqual([
    {
      name: "Series",
      path: join(app.films, "Series"),
      kind: "folder",
      size_bytes: null,
      modified_ms: null,
    },
    ...["9.mkv", "10.mkv", "Zoo.MP4"].map((name) => ({
      ...{ name, path: join(app.films, name), kind: "film", size_bytes: 4 },
      modified_ms: expect.any(Number),
    })),
  ]);
  const deeper = await listing(app.url, join(app.films, "Series/Season 1"));
  expect(deeper.body).toMatchObject({ parent: join(app.films, "Series"), entries: [] });
});

it("nothing outside the roots is told of, not even through symlinks", async () => {
  await using app = await startTestApp();
  await symlink("/etc", join(app.films, "etc"));
  await symlink("/etc/passwd", join(app.films, "passwd.mkv"));
  expect((await listing(app.url, app.films)).body.entries).toEqual([]);
  for (const path of ["/", "/etc", `${app.films}/../..`, join(app.films, "etc"), "films", "a\0"])
    expect([path, (await listing(app.url, path)).status]).toEqual([path, 403]);
  expect((await listing(app.url, join(app.films, "gone"))).status).toBe(404);
});
