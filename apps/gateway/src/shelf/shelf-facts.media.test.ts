import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  eventually,
  makeClip,
  makeManualClock,
  makeRecordingLog,
  makeTempFolder,
} from "@upreel/testkit";
import { expect, it } from "vitest";
import type { IndexedFilm } from "./film-index.ts";
import type { JellyfinPicture } from "./jellyfin-posters.ts";
import { keepShelfFacts } from "./shelf-facts.ts";

/** As Jellyfin answers; `tag` undefined: it has none; `broken`: it has one, and does not give it. */
type Answer = { readonly tag: string | undefined; readonly broken?: boolean } | undefined;

it("a film's picture is Jellyfin's as it is now, else one of its own, and stays while Jellyfin is away", async () => {
  await using folder = await makeTempFolder();
  await using stop = new AsyncDisposableStack();
  const path = await makeClip(join(folder.path, "film.mp4"), {
    ...{ width: 128, height: 72, rate: 24, seconds: 6 },
  });
  const film: IndexedFilm = {
    ...{ id: "f", title: "F", year: undefined, path, realPath: path, folder: folder.path },
    ...{ sizeBytes: 1, modifiedMs: 1 },
  };
  const clock = makeManualClock();
  let answer: Answer;
  let asked = 0;
  const open = () => {
    const closing = new AbortController();
    stop.defer(() => closing.abort());
    return keepShelfFacts({
      ...{ dataDir: folder.path, ffmpeg: "ffmpeg", ffprobe: "ffprobe", log: makeRecordingLog() },
      ...{ nowMs: () => clock.nowMs(), signal: closing.signal },
      async pictureOf(): Promise<JellyfinPicture | undefined> {
        asked += 1;
        if (answer === undefined) return undefined;
        const { tag, broken = false } = answer;
        const read = async (): Promise<Uint8Array> => {
          if (broken) throw new Error("away");
          return Buffer.from(`picture ${tag}`);
        };
        return { tag, read };
      },
    });
  };
  let facts = open();
  const looksAgain = async (): Promise<void> => {
    const before = asked;
    clock.advance(60_000);
    await eventually("it is looked at again", () => {
      facts.of(film);
      return asked > before;
    });
  };
  const shown = async (tag: string | undefined): Promise<string> => {
    await looksAgain();
    await eventually(`the picture ${tag}`, () => {
      const now = facts.of(film);
      return now !== undefined && now.posterTag === tag;
    });
    return (await readFile(facts.posterPath(film.id))).toString("latin1");
  };

  answer = { tag: "a", broken: true };
  const own = await shown(undefined);
  expect(own).toMatch(/^\u00ff\u00d8/);
  answer = { tag: "a" };
  expect(await shown("a")).toBe("picture a");
  answer = { tag: "b" };
  expect(await shown("b")).toBe("picture b");
  for (const away of [undefined, { tag: "c", broken: true }]) {
    answer = away;
    // One look ends before the next one begins.
    await looksAgain();
    expect(await shown("b")).toBe("picture b");
  }
  // After a restart what is known is shown at once, and looked at again.
  facts = open();
  answer = { tag: "d" };
  expect(await shown("d")).toBe("picture d");
  answer = { tag: undefined };
  expect(await shown(undefined)).toBe(own);
  expect(facts.of(film)).toMatchObject({ hasPoster: true });
});
