import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { UpreelError } from "@upreel/core";
import { expect, it } from "vitest";
import { feedPictures } from "./feed-pictures.ts";
import { listenToKeys } from "./player-keys.ts";

const film = (read: (segment: number) => Promise<Uint8Array>) => ({
  ...{ firstSegment: 2, segmentCount: 5 },
  readSegment: read,
});
const parts = { waitMs: 240_000, signal: new AbortController().signal, first: Buffer.from("2") };
const asStdin = (input: PassThrough) => input as unknown as NodeJS.ReadStream;

it("writes all segments in order, and nothing between p and u", async () => {
  const input = new PassThrough();
  const keys = listenToKeys(asStdin(input), true);
  const pressed: string[] = [];
  keys.passTo((key) => pressed.push(key));
  const target = new PassThrough();
  const asked: number[] = [];
  input.write("p");
  await new Promise((resolve) => setImmediate(resolve));
  const feeding = feedPictures({
    ...{ ...parts, target, whenWanted: keys.whenWanted },
    film: film((segment) => {
      asked.push(segment);
      return Promise.resolve(Buffer.from(String(segment)));
    }),
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect({ asked, pressed, read: target.read() as unknown }).toEqual({
    ...{ asked: [], pressed: ["p"], read: null },
  });
  input.write("u");
  await feeding;
  expect(await text(target)).toBe("234");
  expect(asked).toEqual([3, 4]);
  expect(pressed).toEqual(["p", "u"]);
});

it("tries again what was cut off, and not what the gateway refuses", async () => {
  let failures = 0;
  const target = new PassThrough();
  const whenWanted = () => Promise.resolve();
  await feedPictures({
    ...{ ...parts, target, whenWanted },
    film: film(async (segment) => {
      if (segment === 3 && (failures += 1) < 3) throw new TypeError("fetch failed");
      return Buffer.from(String(segment));
    }),
  });
  expect({ failures, read: await text(target) }).toEqual({ failures: 3, read: "234" });
  let asked = 0;
  const refused = feedPictures({
    ...{ ...parts, target: new PassThrough(), whenWanted },
    film: film(() => {
      asked += 1;
      return Promise.reject(new UpreelError("segment_not_found", "it is gone"));
    }),
  });
  await expect(refused).rejects.toThrow("it is gone");
  expect(asked).toBe(1);
});

it("q quits, as the end of Jellyfin's pipe does; the end of a file says nothing", async () => {
  for (const [isPipe, text, isQuit] of [
    [true, "q", true],
    [false, "q", true],
    [true, "", true],
    [false, "", false],
  ] as const) {
    const input = new PassThrough();
    const { quit } = listenToKeys(asStdin(input), isPipe);
    input.end(text);
    await new Promise((resolve) => input.once("end", resolve));
    expect(quit.aborted).toBe(isQuit);
  }
});
