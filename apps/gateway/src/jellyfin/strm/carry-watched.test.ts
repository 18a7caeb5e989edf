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

describe.each(["10.10.7", "10.11.11", "12.0.0"] as const)(
  "what a user saw of a copy, %s",
  (version) => {
    let jellyfin: FakeJellyfin;
    let isWatching = false;
    /** What is found for the film, one look after the other. */
    let filmItems: string[] = [];
    const seen = (item: FakeItem | undefined) => item?.userData.get(ROOT_USER.id);
    const film = () => seen(jellyfin.items[0]);
    const copy = () => seen(jellyfin.items[1]);
    const put = (at: number, data: object): void =>
      void jellyfin.items[at]?.userData.set(ROOT_USER.id, {
        ...{ played: false, favourite: true, positionTicks: 0, playCount: 0, ...data },
      });

    beforeEach(async () => {
      isWatching = false;
      filmItems = [FILM];
      jellyfin = await startFakeJellyfin({
        version,
        items: [FILM, COPY].map((id) => makeFakeItem({ id, path: `/media/${id}.mkv` })),
      });
    });
    afterEach(() => jellyfin[Symbol.asyncDispose]());

    const sweep = (item = { itemId: COPY, mediaSourceId: COPY }): Promise<boolean> =>
      createCarryWatched({
        client: createJellyfinClient({ url: jellyfin.url, apiKey: jellyfin.apiKey }),
        log: makeRecordingLog(),
        copies: () => new Map([["abc", item]]),
        filmOf: async (_, anew) => filmItems[anew ? filmItems.length - 1 : 0],
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
    it("is each user's own, and one who is deleted meanwhile costs the others nothing", async () => {
      const other = { ...ROOT_USER, id: "f".repeat(32), name: "Other", token: "other" };
      const gone = { ...ROOT_USER, id: "e".repeat(32), name: "Gone", token: "gone" };
      jellyfin.users.unshift(gone);
      jellyfin.users.push(other);
      const positions = new Map([ROOT_USER, other, gone].map(({ id }, n) => [id, (n + 1) * 1e9]));
      for (const [id, positionTicks] of positions)
        jellyfin.items[1]?.userData.set(id, { played: false, favourite: false, positionTicks });
      jellyfin.behaviour.failAt = (method, url) =>
        method === "POST" && url.includes(gone.id) ? 404 : undefined;
      expect(await sweep()).toBe(true);
      for (const { id } of [ROOT_USER, other])
        expect(jellyfin.items[0]?.userData.get(id)?.positionTicks).toBe(positions.get(id));
      expect(jellyfin.items[1]?.userData.get(gone.id)?.positionTicks).toBe(positions.get(gone.id));
    });

    it("is not counted twice where the server goes away between two calls", async () => {
      put(0, { playCount: 1 });
      put(1, { playCount: 2, positionTicks: 1_700_000_000, lastPlayedDate: LATER });
      let told = 0;
      jellyfin.behaviour.failAt = (method) => (method === "POST" && ++told === 2 ? 503 : undefined);
      expect(await sweep()).toBe(false);
      expect(film()).toMatchObject({ playCount: 1, positionTicks: 1_700_000_000 });
      expect(await sweep()).toBe(true);
      expect(film()).toMatchObject({ playCount: 3, positionTicks: 1_700_000_000 });
      expect(copy()).toMatchObject({ playCount: 0, positionTicks: 0 });
    });

    it("goes to the film that was removed and found again under another id", async () => {
      put(1, { playCount: 1, positionTicks: 1_700_000_000, lastPlayedDate: LATER });
      const again = makeFakeItem({ id: "c".repeat(32), path: "/media/again.mkv" });
      jellyfin.items.push(again);
      filmItems = ["d".repeat(32), again.id];
      await sweep();
      expect(seen(again)).toMatchObject({ playCount: 1, positionTicks: 1_700_000_000 });
    });
  },
);
