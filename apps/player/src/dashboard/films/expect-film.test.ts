import { afterEach, expect, it, vi } from "vitest";
import { expectingFilm } from "./expect-film.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("a film that is pointed at is planned once; one that is passed by is not", () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.stubGlobal("document", { documentElement: { dataset: {} } });
  vi.stubGlobal("location", { href: "http://upreel/" });
  vi.stubGlobal("localStorage", { getItem: () => null });
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(new URL(url).search);
    return Response.json({});
  });
  const passed = expectingFilm("/films/passed.mkv");
  passed.onPointerEnter();
  vi.advanceTimersByTime(100);
  passed.onPointerLeave();
  vi.advanceTimersByTime(1_000);
  const wanted = expectingFilm("/films/wanted.mkv");
  wanted.onPointerEnter();
  vi.advanceTimersByTime(200);
  wanted.onPointerDown();
  expect(asked).toEqual(["?path=%2Ffilms%2Fwanted.mkv"]);
  expectingFilm("/films/pressed.mkv").onPointerDown();
  expect(asked.at(-1)).toBe("?path=%2Ffilms%2Fpressed.mkv");
});
