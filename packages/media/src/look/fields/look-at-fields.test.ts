import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it, vi } from "vitest";
import { takeLook } from "../take-look.ts";
import { lookAtFields } from "./look-at-fields.ts";

const SIZE = { width: 96, height: 48 };
const PICTURES = 16;

/** Shapes that move by three pixels from picture to picture, or from field to field. */
function makePictures(kind: "whole" | "woven"): Buffer {
  const pictures = Buffer.alloc(PICTURES * SIZE.width * SIZE.height);
  for (let at = 0; at < pictures.length; at += 1) {
    const x = at % SIZE.width;
    const y = Math.floor(at / SIZE.width) % SIZE.height;
    const picture = Math.floor(at / (SIZE.width * SIZE.height));
    const moment = kind === "whole" ? picture : 2 * picture + (y % 2);
    const isRight = Math.floor(y / 12) % 2 === 0;
    const place = (isRight ? x - 3 * moment : x + 3 * moment) % 24;
    pictures[at] = (place + 24) % 24 < 12 ? 60 : 190;
  }
  return pictures;
}

const FILM = {
  ...{ path: "/films/film.mkv", track: 0, ...SIZE, rate: { num: 24_000, den: 1001 } },
  ...{ isFlagged: false, seconds: 5_000 },
};
const HOW = { isThorough: false, willBeReviewed: Promise.resolve(true) };

/** What is found by an ffmpeg that decodes `kind` everywhere, and the places that it was asked for. */
async function look(kind: "whole" | "woven", film = {}, how = {}) {
  await using folder = await makeTempFolder();
  const [ffmpeg, pictures, asked] = ["ffmpeg", "pictures", "asked"].map((name) =>
    join(folder.path, name),
  ) as [string, string, string];
  await writeFile(pictures, makePictures(kind));
  await writeFile(ffmpeg, `#!/bin/sh\necho "$*" >>'${asked}'\nexec cat '${pictures}'\n`);
  await chmod(ffmpeg, 0o755);
  const request = { ...FILM, ...film };
  const signal = new AbortController().signal;
  const scan = await lookAtFields(request, { ffmpeg, look: takeLook }, signal, { ...HOW, ...how });
  const lines = (await readFile(asked, "utf8").catch(() => "")).split("\n").filter(Boolean);
  const places = lines.map((line) => Number(/-ss (\S+)/.exec(line)?.[1])).toSorted((a, b) => a - b);
  return { kind: scan?.kind, places };
}

it("lets nobody wait for a look at a long film that says it is film, and is looked at later", async () => {
  expect(await look("whole")).toEqual({ kind: undefined, places: [] });
});

it("looks at one place of a long film that may be video, where that is clear and all of it is looked at later", async () => {
  const video = { rate: { num: 25, den: 1 } };
  expect(await look("whole", video)).toEqual({ kind: "progressive", places: [2_500] });
  const combed = await look("woven", video);
  expect(combed).toMatchObject({ kind: "interlaced" });
  expect(combed.places).toHaveLength(11);
});

it("looks at three where nobody looks again, it is short, or it says that it is interlaced", async () => {
  const three = { kind: "progressive", places: [1_000, 2_500, 4_000] };
  const alone = { willBeReviewed: Promise.resolve(false) };
  expect(await look("whole", {}, alone)).toEqual(three);
  expect(await look("whole", { rate: { num: 25, den: 1 } }, alone)).toEqual(three);
  expect(await look("whole", { isFlagged: true })).toEqual(three);
  expect(await look("whole", { seconds: 290 })).toEqual({
    ...{ kind: "progressive", places: [58, 145, 232] },
  });
});

it("looks at many where the first one is combed, and when asked to be thorough", async () => {
  const combed = await look("woven", { seconds: 290 });
  expect(combed.kind).toBe("interlaced");
  expect(combed.places).toHaveLength(11);
  expect(new Set(combed.places).size).toBe(11);
  const thorough = await look("whole", { seconds: 290 }, { isThorough: true });
  expect(thorough.places).toEqual(combed.places);
  expect((await look("whole", {}, { isThorough: true })).places).toHaveLength(11);
});

it("does not give a place up because the look stands behind all others", async () => {
  const bounds = vi.spyOn(AbortSignal, "timeout");
  const signal = new AbortController().signal;
  const longestOf = async (niceness: number | undefined): Promise<number> => {
    bounds.mockClear();
    await lookAtFields(
      { ...FILM, isFlagged: true },
      { ffmpeg: "true", niceness, look: takeLook },
      signal,
      HOW,
    );
    return Math.min(...bounds.mock.calls.map(([ms]) => ms));
  };
  const alone = await longestOf(undefined);
  // At the lowest priority a seventh of what a run gets, and there are several of them.
  expect(await longestOf(19)).toBeGreaterThanOrEqual(10 * alone);
  bounds.mockRestore();
});
