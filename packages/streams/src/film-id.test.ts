import { expect, it } from "vitest";
import { filmId } from "./film-id.ts";
import type { Stream } from "./stream-api.ts";
import { streamId } from "./stream-id.ts";
import { film } from "./testing/films.ts";

const SECRET = new Uint8Array(32).fill(1);
const { file, profile } = film("a");
const asked = { file, profile: { ...profile, scale: "auto" } } as const;
const doubled = streamId(SECRET, file, { ...profile, scale: 2 });
const own = streamId(SECRET, file, asked.profile);

const holding = (...streams: readonly Pick<Stream, "id" | "state">[]) => ({
  has: (id: string) => streams.some((each) => each.id === id),
  peek: (id: string) => streams.find((each) => each.id === id) as Stream | undefined,
  ofFile: () => [],
});

it("a finished film from when all were doubled is the one that is played, not made again", () => {
  expect(filmId(holding({ id: doubled, state: "complete" }), SECRET, asked)).toBe(doubled);
});
it("but not one that is partly made, one beside its own, or where a size is asked for", () => {
  expect(filmId(holding({ id: doubled, state: "idle" }), SECRET, asked)).toBe(own);
  const both = holding({ id: doubled, state: "complete" }, { id: own, state: "idle" });
  expect(filmId(both, SECRET, asked)).toBe(own);
  const small = { file, profile: { ...asked.profile, targetHeight: 720 } };
  const known = holding({ id: doubled, state: "complete" });
  expect(filmId(known, SECRET, small)).not.toBe(doubled);
});
