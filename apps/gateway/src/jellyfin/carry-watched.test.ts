import {
  makeFakeItem,
  makeRecordingLog,
  ROOT_USER,
  startFakeJellyfin,
  type FakeItem,
  type FakeJellyfin,
} from "@upreel/testkit";
import { createJellyfinClient } from "@upreel/jellyfin";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCarryWatched } from "./carry-watched.ts";

const FILM = "a".repeat(32);
const COPY = "b".repeat(32);
const EARLIER = "2026-11-20T20:00:00Z";
const LATER = "2026-11-21T20:00:00Z";

describe("what a user saw of a copy", () => {
  let jellyfin: FakeJellyfin;
  let isWatching = false;
  const seen = (item: FakeItem | undefined) => item?.userData.get(ROOT_USER.id);
  const film = () => seen(jellyfin.items[0]);
  const copy = () => seen(jellyfin.items[1]);
  const put = (at: number, data: object): void =>
    void jellyfin.items[at]?.userData.set(ROOT_USER.id, {
      ...{ played: false, favourite: true, positionTicks: 0, playCount: 0, ...data },
    });

  beforeEach(async () => {
    isWatching = false;
    jellyfin = await startFakeJellyfin({
      items: [FILM, COPY].map((id) => makeFakeItem({ id, path: `/media/${id}.mkv` })),
    });
  });
  afterEach(() => jellyfin[Symbol.asyncDispose]());

  const sweep = (item = { itemId: COPY, mediaSourceId: COPY }): Promise<void> =>
    createCarryWatched({
      client: createJellyfinClient({ url: jellyfin.url, apiKey: jellyfin.apiKey }),
      log: makeRecordingLog(),
      copies: () => new Map([["abc", item]]),
      filmOf: async () => FILM,
      isWatching: () => isWatching,
    }).sweep();

  it("is the film's: position and play count, and the copy is not to be continued", async () => {
    put(0, { playCount: 1, positionTicks: 1_090_000_000, lastPlayedDate: EARLIER });
    put(1, { playCount: 2, positionTicks: 1_700_000_000, lastPlayedDate: LATER });
    await sweep();
    const favourite = true;
    expect(film()).toMatchObject({
      playCount: 3,
      positionTicks: 1_700_000_000,
      played: false,
      favourite,
    });
    expect(copy()).toMatchObject({ playCount: 0, positionTicks: 0, played: false, favourite });
    await sweep();
    expect(film()).toMatchObject({ playCount: 3 });
  });

  it("is that the film was seen to its end", async () => {
    put(0, { positionTicks: 1_090_000_000 });
    put(1, { playCount: 1, played: true, lastPlayedDate: LATER });
    await sweep();
    expect(film()).toMatchObject({ playCount: 1, positionTicks: 0, played: true });
    expect(copy()).toMatchObject({ played: false });
  });

  it("counts less than where the user went on with the film itself", async () => {
    put(0, { playCount: 1, positionTicks: 2_000_000_000, lastPlayedDate: LATER });
    put(1, { playCount: 1, positionTicks: 1_000_000_000, lastPlayedDate: EARLIER });
    await sweep();
    expect(film()).toMatchObject({ playCount: 2, positionTicks: 2_000_000_000 });
    expect(copy()).toMatchObject({ positionTicks: 0 });
  });

  it("stays while it is watched, and where it is a version of the film", async () => {
    put(1, { playCount: 1, positionTicks: 1_000_000_000 });
    isWatching = true;
    await sweep();
    isWatching = false;
    await sweep({ itemId: FILM, mediaSourceId: COPY });
    expect(film()).toBeUndefined();
    expect(copy()).toMatchObject({ positionTicks: 1_000_000_000 });
  });
});
