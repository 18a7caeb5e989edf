import type { Sighting } from "@upreel/jellyfin";
import { makeManualClock } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createPlaybacks } from "./playbacks.ts";
import { createViewing, isPlaying } from "./viewing.ts";

const FILM = "a".repeat(32);
const COPY = "b".repeat(32);
const USER = "c".repeat(32);
const OTHER = "d".repeat(32);

function setUp(sightings: readonly Partial<Sighting>[] = []) {
  const clock = makeManualClock();
  const playbacks = createPlaybacks(clock);
  const current = () =>
    sightings.map((seen) => {
      const blank = { viewer: "tv", itemId: "", situation: {} } as Sighting;
      return { player: seen, sighting: { ...blank, ...seen }, streamId: undefined };
    });
  const begin = (itemId: string, userId?: string): void =>
    playbacks.begin({
      ...{ playSessionId: "p1", itemId, viewer: "web", client: "Web", userId, sourceId: itemId },
      ...{ film: undefined, streamId: undefined, shows: "original", whenReady: "nothing" },
      ...{ reason: undefined, flags: {}, audioIndex: undefined, subtitleIndex: -1 },
    });
  return { clock, playbacks, begin, viewing: createViewing(playbacks, { current }) };
}

it("has everybody who plays, whoever told of him, until he stops or is silent for long", () => {
  const { clock, playbacks, begin, viewing } = setUp([{ itemId: FILM, mediaSourceId: COPY }]);
  begin(COPY);
  const names = (): string[] => viewing.players().map(({ viewer }) => viewer);
  expect(names()).toEqual(["web", "tv"]);
  clock.advance(7 * 3600_000);
  expect(names()).toEqual(["tv"]);
  begin(COPY);
  playbacks.end("p1");
  expect(names()).toEqual(["tv"]);
});

it("knows who plays a copy, also as a version of the film, also through the proxy", () => {
  const { begin, viewing } = setUp([
    { itemId: FILM, mediaSourceId: COPY, situation: { userId: USER } },
  ]);
  const plays = (itemId: string, userId: string): boolean =>
    viewing.players().some((player) => isPlaying(player, { itemId, userId }));
  expect([plays(COPY, USER), plays(FILM, USER), plays(COPY, OTHER)]).toEqual([true, true, false]);
  begin(COPY, OTHER);
  expect(plays(COPY, OTHER)).toBe(true);
});

it("takes one that names no user for anybody", () => {
  const { begin, viewing } = setUp();
  begin(COPY);
  const [player] = viewing.players();
  expect(player && isPlaying(player, { itemId: COPY, userId: USER })).toBe(true);
});
