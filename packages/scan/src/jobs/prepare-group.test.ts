import { expect, it } from "vitest";
import type { FileGroup } from "../media-scan/group-of.ts";
import { prepareGroup } from "./prepare-group.ts";

const { signal } = new AbortController();
const WANTED = "/tv/a/Pilot.mkv";
const GROUP: FileGroup = { groupKey: "season:x:1", paths: [WANTED, "/tv/b/Two.mkv", WANTED] };

async function groupWith(season: () => Promise<FileGroup | undefined>, path = WANTED) {
  const { groupKey, files } = await prepareGroup(
    {
      identify: async (each) => ({ path: each, sizeBytes: 1, modifiedMs: 1 }),
      ...{ season, beside: async () => ["/tv/Show S01E01.mkv", "/tv/Show S01E02.mkv"] },
      durationOf: async () => 100,
    },
    path,
    signal,
  );
  return { groupKey, paths: files.map((file) => file.path) };
}

it("takes the season that a library knows, wherever its episodes lie and whatever they are called", async () => {
  expect(await groupWith(async () => GROUP)).toEqual({
    ...{ groupKey: "season:x:1", paths: [WANTED, "/tv/b/Two.mkv"] },
  });
});

it.each<[string, () => Promise<FileGroup | undefined>]>([
  ["knows none", async () => undefined],
  ["is away", () => Promise.reject(new Error("away"))],
  ["knows one that the film is not of", async () => GROUP],
  [
    "knows one of more episodes than a call is for",
    async () => ({
      groupKey: "season:x:1",
      paths: Array.from({ length: 101 }, (_, n) => `/tv/Show S01E${n < 9 ? "0" : ""}${n + 1}.mkv`),
    }),
  ],
])("goes by names where the library %s", async (_, season) => {
  const { groupKey, paths } = await groupWith(season, "/tv/Show S01E01.mkv");
  expect(groupKey).toBe("season:/tv:show:1");
  expect(paths).toEqual(["/tv/Show S01E01.mkv", "/tv/Show S01E02.mkv"]);
});

it("looks at nothing any more once that is called off", async () => {
  const closing = new AbortController();
  const season = async (): Promise<undefined> => {
    closing.abort(new Error("ends"));
    return undefined;
  };
  const places = {
    identify: async (path: string) => ({ path, sizeBytes: 1, modifiedMs: 1 }),
    ...{ season, beside: async () => [], durationOf: async () => 100 },
  };
  await expect(prepareGroup(places, WANTED, closing.signal)).rejects.toThrow("ends");
});
