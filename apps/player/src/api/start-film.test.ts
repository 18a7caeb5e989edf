import type { Film } from "@upreel/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startFilm } from "./start-film.ts";

const asked: unknown[] = [];
beforeEach(() => {
  asked.splice(0);
  vi.stubGlobal("document", { documentElement: { dataset: {} } });
  vi.stubGlobal("location", { href: "http://upreel/" });
  vi.stubGlobal("localStorage", { getItem: () => null });
  vi.stubGlobal("fetch", async (_url: URL, { body }: { readonly body: string }) => {
    asked.push(JSON.parse(body));
    return Response.json({ id: "one" });
  });
});
afterEach(() => vi.unstubAllGlobals());

test.each([
  ["live", {}],
  ["later", { priority: "background" }],
] as const)("a film that is called %s is asked for with %j", async (kind, more) => {
  const film = { path: "/films/heat.mkv", title: "Heat", badge: { kind } } as Film;
  expect(await startFilm(film)).toEqual({ id: "one" });
  expect(asked).toEqual([{ path: "/films/heat.mkv", title: "Heat", ...more }]);
});
