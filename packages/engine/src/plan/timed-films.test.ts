import { makeRecord, makeTimeline } from "@upreel/testkit";
import type { Source } from "@upreel/core";
import { expect, it } from "vitest";
import { createTimedFilms, type TimedFilm } from "./timed-films.ts";

const { file } = makeRecord();
const { signal } = new AbortController();
const timedFilm = (change: Partial<Source> = {}): TimedFilm => ({
  source: { ...file, ...change } as Source,
  timeline: makeTimeline(100, { num: 25, den: 1 }),
});

it("whoever waits for a film is told when its pictures are timed, and who comes later at once", async () => {
  const films = createTimedFilms();
  const first = films.of({ ...file, mayGrow: true }, signal);
  const second = films.of(file, signal);
  const film = timedFilm();
  films.note(timedFilm({ path: "/films/another.mkv" }));
  films.note(film);
  expect(await Promise.all([first, second, films.of(file, signal)])).toEqual([film, film, film]);
});

it("a file that is another one by now is waited for, until nobody wants it", async () => {
  const films = createTimedFilms();
  films.note(timedFilm({ sizeBytes: file.sizeBytes + 1 }));
  const job = new AbortController();
  const waiting = films.of(file, job.signal);
  job.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  await expect(films.of(file, job.signal)).rejects.toMatchObject({ name: "AbortError" });
});
