import { join } from "node:path";
import { placeAnswerSchema } from "@upreel/core";
import { makeFakeItem, makeRecord, ROOT_USER, startFakeJellyfin } from "@upreel/testkit";
import { expect, it } from "vitest";
import { startTestApp } from "../../testing/start-app.ts";

const TOKEN = "correct horse";
const AT = "2026-11-20T20:00:00Z";
const PLACE = { seconds: 600, at_ms: Date.parse(AT) };

/** A film that Jellyfin's one user has left after ten minutes. */
async function startLeftFilm(settings: Record<string, string>) {
  await using stack = new AsyncDisposableStack();
  const item = makeFakeItem({ id: "a".repeat(32), path: "/media/movies/heat.mkv" });
  const jellyfin = stack.use(await startFakeJellyfin({ items: [item] }));
  const left = { played: false, favourite: false, playCount: 1, lastPlayedDate: AT };
  item.userData.set(ROOT_USER.id, { ...left, positionTicks: 6_000_000_000 });
  const app = stack.use(
    await startTestApp({
      ...{ JELLYFIN_URL: jellyfin.url, JELLYFIN_API_KEY: jellyfin.apiKey },
      ...{ PATH_MAP: "/media/movies=/films", ...settings },
    }),
  );
  const file = { path: join("/films", "heat.mkv"), sizeBytes: 1, modifiedMs: 1 };
  await app.streams.records.save(makeRecord({ id: "one", file }));
  const owned = stack.move();
  const ask = (headers: Record<string, string> = {}) => fetch(`${app.url}/place/one`, { headers });
  const placeFor = async (headers?: Record<string, string>) =>
    placeAnswerSchema.parse(await (await ask(headers)).json()).place;
  return { ask, placeFor, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

it("where a film was left is told to who has the token, not to who has the film's link", async () => {
  await using film = await startLeftFilm({ API_TOKEN: TOKEN });
  expect((await film.ask()).status).toBe(401);
  expect(await film.placeFor({ "X-Api-Token": TOKEN })).toEqual(PLACE);
});

it("without a token it is told to this machine alone, also behind a proxy on it", async () => {
  await using film = await startLeftFilm({});
  expect(await film.placeFor()).toEqual(PLACE);
  expect(await film.placeFor({ "X-Forwarded-For": "127.0.0.1" })).toEqual(PLACE);
  expect(await film.placeFor({ "X-Forwarded-For": "203.0.113.7" })).toBeNull();
});

it("without a token nobody of the home network learns it by naming this machine as the one that asks", async () => {
  await using film = await startLeftFilm({});
  for (const chain of ["127.0.0.1, 192.168.1.50", "::1, fe80::1", "127.0.0.1, 10.0.0.7, 127.0.0.1"])
    expect([chain, await film.placeFor({ "X-Forwarded-For": chain })]).toEqual([chain, null]);
});

it("nothing is told of another user's place", async () => {
  await using film = await startLeftFilm({ JELLYFIN_USER: "somebody else" });
  expect(await film.placeFor()).toBeNull();
});
