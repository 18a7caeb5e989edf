import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { swap } from "./swap.ts";
import { fakeFilm } from "./testing/fake-film.ts";

const LOAD_SECONDS = 3;
const LOADED_SECONDS = 0.1;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { hidden: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** One film plays; the first seek of the other one has to load. */
async function twoFilms() {
  let seeks = 0;
  const to = fakeFilm("upscaled", 600, () => (seeks++ === 0 ? LOAD_SECONDS : LOADED_SECONDS));
  const from = fakeFilm("original", 600, () => LOADED_SECONDS);
  await from.video.play();
  return { from, to };
}

/** How many seconds the change takes. */
async function change({ from, to }: Awaited<ReturnType<typeof twoFilms>>): Promise<number> {
  const began = performance.now();
  let shown = Number.NaN;
  const show = (): void => void (shown = performance.now());
  const { signal } = new AbortController();
  const done = swap(from, to, { frameSeconds: 1 / 24, signal, show });
  await vi.advanceTimersByTimeAsync(60_000);
  await done;
  return (shown - began) / 1_000;
}

it("a change whose first seek has to load meets the other film soon after that, not so much later again", async () => {
  const films = await twoFilms();
  expect(await change(films)).toBeLessThan(LOAD_SECONDS + 2);
  expect(films.to.habits.seekSeconds).toBeLessThan(2 * LOADED_SECONDS);
});

it("a film that is paused while the other one loads takes no longer at the next change", async () => {
  const films = await twoFilms();
  setTimeout(() => films.from.video.pause(), 1_000);
  await change(films);
  films.to.rest();
  await films.from.video.play();
  expect(await change(films)).toBeLessThan(1);
});
