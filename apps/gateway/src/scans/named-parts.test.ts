import type { FilmChapter } from "@upreel/scan";
import { expect, it } from "vitest";
import { partsFor } from "./named-parts.ts";

const INTRO: FilmChapter = { pluginId: "p", role: "intro", startSeconds: 5, endSeconds: 35 };
const CREDITS: FilmChapter = { ...INTRO, role: "credits", startSeconds: 330, endSeconds: 350 };
const FILE = { path: "/films/a.mkv", sizeBytes: 1, modifiedMs: 1 };

it("an export waits for plugins that are to look at its film, and names what they find as Jellyfin's chapter plugin knows it", async () => {
  const looked = Promise.withResolvers<void>();
  const found: FilmChapter[] = [];
  const parts = partsFor({
    settled: (path) => (path === FILE.path ? looked.promise : Promise.resolve()),
    chapters: async () => [...found],
  })(FILE, new AbortController().signal);
  found.push(INTRO, CREDITS);
  looked.resolve();
  expect(await parts).toEqual([
    { title: "Intro", startSeconds: 5, endSeconds: 35 },
    { title: "Credits", startSeconds: 330, endSeconds: 350 },
  ]);
});
