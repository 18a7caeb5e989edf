import { makeFakeItem, MOVIES, ROOT_USER, startFakeJellyfin } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createJellyfinClient } from "../client/client.ts";
import { findCandidates } from "./find-candidates.ts";
import { parseScanRules } from "./scan-rules.ts";

const id = (n: number): string => n.toString(16).padStart(32, "0");
const ANN = { id: id(0xa), name: "ann", token: "token-of-ann" };
const seen = { played: true, favourite: false, positionTicks: 0 };
const liked = { played: false, favourite: true, positionTicks: 0 };

const series = { id: id(0x99), name: "Show" };
const episode = (n: number, watched: boolean) =>
  makeFakeItem({
    id: id(100 + n),
    path: `/media/shows/e${n}.mkv`,
    name: `Episode ${n}`,
    type: "Episode",
    libraryId: id(0x77),
    series,
    season: 1,
    episode: n,
    userData: new Map(watched ? [[ROOT_USER.id, seen]] : []),
  });
const film = (n: number, height: number, data: [string, typeof seen][] = []) =>
  makeFakeItem({
    id: id(n),
    path: `/media/movies/f${n}.mkv`,
    name: `Film ${n}`,
    video: { codec: "h264", width: height * 2, height },
    dateCreated: `2026-01-0${n}T00:00:00Z`,
    userData: new Map(data),
  });

async function titles(rules: string): Promise<readonly string[]> {
  await using fake = await startFakeJellyfin({
    items: [
      film(1, 480),
      film(2, 1080),
      film(3, 576, [[ANN.id, seen]]),
      film(4, 480, [[ROOT_USER.id, liked]]),
      episode(1, true),
      episode(2, false),
      episode(3, false),
    ],
  });
  fake.users.push(ANN);
  const client = createJellyfinClient({ url: fake.url, apiKey: fake.apiKey });
  const wanted = parseScanRules(rules) ?? [];
  const found = await findCandidates(client, wanted, AbortSignal.timeout(240_000));
  return found.map(({ title }) => title);
}

it.each([
  [`library=${MOVIES.name}, below=720`, ["Film 4", "Film 1", "Film 3"]],
  [`library=movies, below=720, unwatched`, ["Film 4", "Film 1"]],
  [`library=movies, below=720, unwatched, user=root`, ["Film 4", "Film 3", "Film 1"]],
  ["next", ["Show: Episode 2"]],
  ["next, user=ann", []],
  ["library=movies, below=500; favourites; next", ["Show: Episode 2", "Film 4", "Film 1"]],
  ["library=nowhere", []],
])("the rule %s finds %j", async (rules, wanted) => {
  expect(await titles(rules)).toEqual(wanted);
});

it("takes first what is unfinished, then series that are watched, favourites, what is played often, and the newest", async () => {
  const data = (over: object) => ({
    ...{ played: false, favourite: false, positionTicks: 0 },
    ...over,
  });
  const both = (over: object): [string, typeof seen][] => [
    [ANN.id, data(over)],
    [ROOT_USER.id, data(over)],
  ];
  const begun = (day: number) =>
    both({ positionTicks: 7e9, lastPlayedDate: `2026-02-0${day}T00:00:00Z` });
  await using fake = await startFakeJellyfin({
    items: [
      film(1, 480),
      film(2, 480, both({ played: true, playCount: 1 }).slice(0, 1)),
      film(3, 480, both({ played: true, playCount: 2 })),
      film(4, 480, both({ played: true, playCount: 5 })),
      film(5, 480, both({ favourite: true })),
      film(6, 480, begun(1)),
      film(7, 480, begun(2)),
      film(8, 480),
      ...[episode(1, true), episode(4, false), episode(3, false), episode(2, false)],
    ],
  });
  fake.users.push(ANN);
  const client = createJellyfinClient({ url: fake.url, apiKey: fake.apiKey });
  const rules = parseScanRules("below=9999") ?? [];
  const found = await findCandidates(client, rules, AbortSignal.timeout(240_000));
  expect(found.map(({ title, why }) => [title, why.split(", below")[0]])).toEqual([
    ["Film 7", "unfinished"],
    ["Film 6", "unfinished"],
    ["Show: Episode 2", "next episode"],
    ["Show: Episode 3", "series that is watched"],
    ["Show: Episode 4", "series that is watched"],
    ["Film 5", "favourite"],
    ["Film 4", "played 10 times"],
    ["Film 3", "played 4 times"],
    ["Film 8", "below 9999 lines"],
    ["Film 1", "below 9999 lines"],
    ["Show: Episode 1", "seen once"],
    ["Film 2", "seen once"],
  ]);
});
