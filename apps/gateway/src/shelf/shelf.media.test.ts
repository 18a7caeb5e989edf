import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filmsAnswerSchema, type FilmsAnswer } from "@upreel/core";
import { eventually, makeClip } from "@upreel/testkit";
import { expect, it } from "vitest";
import { startTestApp } from "../testing/start-app.ts";

it("a film gets its figures, a picture and its badge; a file that is none says so", async () => {
  await using app = await startTestApp({ API_TOKEN: "a long secret" });
  await makeClip(join(app.films, "Film (2001).mp4"), {
    ...{ width: 128, height: 72, rate: 24, seconds: 6 },
  });
  await writeFile(join(app.films, "broken.mkv"), "not a film");
  const headers = { "X-Api-Token": "a long secret" };
  expect((await fetch(`${app.url}/films`)).status).toBe(401);
  const films = async (): Promise<FilmsAnswer> =>
    filmsAnswerSchema.parse(await (await fetch(`${app.url}/films`, { headers })).json());
  const answer = await eventually("both films are looked into", async () => {
    const now = await films();
    return !now.is_scanning && now.pending === 0 && now.total === 2 ? now : undefined;
  });
  const [broken, film] = answer.films;
  expect(broken).toMatchObject({ badge: { kind: "failed" }, poster: null });
  expect(film).toMatchObject({ title: "Film", year: 2001, width: 128, height: 72 });
  expect(film).toMatchObject({ badge: { kind: "live" }, stream: null });
  expect(film?.duration_seconds).toBeCloseTo(6, 0);
  // Pictures on a page bring no token; nobody guesses their names.
  const picture = await fetch(`${app.url}/${film?.poster}`);
  expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
  expect(film?.poster).toBe(`poster/${film?.id}?tag=own`);
  expect(picture.headers.get("cache-control")).toContain("immutable");
  // By a URL that stays the same when the picture does not, it is asked for anew.
  const bare = await fetch(`${app.url}/poster/${film?.id}`);
  expect([bare.status, bare.headers.get("cache-control")]).toEqual([200, "no-cache"]);
  expect(bare.headers.get("etag")).not.toBe(null);
  expect(
    Buffer.from(await picture.arrayBuffer())
      .subarray(0, 2)
      .toString("hex"),
  ).toBe("ffd8");
  expect((await fetch(`${app.url}/poster/${"0".repeat(32)}`)).status).toBe(404);
  expect((await fetch(`${app.url}/poster/..%2f..%2fsecret`)).status).toBe(404);
  expect((await fetch(`${app.url}/films?limit=999`, { headers })).status).toBe(400);
});
