import { createJellyfinClient } from "@upreel/jellyfin";
import { makeFakeItem, MOVIES, startFakeJellyfin } from "@upreel/testkit";
import { expect, it } from "vitest";
import { seasonInJellyfin } from "./season-in-jellyfin.ts";

const SERIES = { id: "f".repeat(32), name: "Show" };
const item = (n: number, path: string, season?: number) =>
  makeFakeItem({
    ...{ id: String(n).padStart(32, "0"), path: `/media/${path}` },
    ...(season === undefined
      ? {}
      : { type: "Episode" as const, series: SERIES, season, episode: n }),
  });

it("knows the episodes of a film's season by Jellyfin, where they are here, and of a film none", async () => {
  const items = [
    ...[item(2, "b/Two.mkv", 1), item(1, "a/One.mkv", 1), item(3, "a/Three.mkv", 2)],
    item(4, "Film.mkv"),
  ];
  await using jellyfin = await startFakeJellyfin({ items });
  jellyfin.libraries.splice(0, 1, { ...MOVIES, locations: ["/media"] });
  const client = createJellyfinClient({ url: jellyfin.url, apiKey: jellyfin.apiKey });
  const config = { jellyfin: { pathMap: [{ from: "/media", to: "/films" }] } };
  const seasonOf = (path: string) =>
    seasonInJellyfin({ client, config }, path, AbortSignal.timeout(240_000));
  expect(await seasonOf("/films/b/Two.mkv")).toEqual({
    groupKey: `season:${SERIES.id}:1`,
    paths: ["/films/a/One.mkv", "/films/b/Two.mkv"],
  });
  expect(await seasonOf("/films/Film.mkv")).toBeUndefined();
  expect(await seasonOf("/films/gone.mkv")).toBeUndefined();
});
