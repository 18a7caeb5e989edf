import { expect, it } from "vitest";
import { streamId } from "./stream-id.ts";
import { film } from "./testing/films.ts";

const SECRET = new Uint8Array(32).fill(1);
const { file, profile } = film("a");

it("is 130 bits in base32, the same every time", () => {
  expect(streamId(SECRET, file, profile)).toMatch(/^[a-z2-7]{26}$/);
  expect(streamId(SECRET, { ...file }, { ...profile })).toBe(streamId(SECRET, file, profile));
});
it("is another one for another secret, file, version of the file, or profile", () => {
  const ids = [
    streamId(SECRET, file, profile),
    streamId(new Uint8Array(32).fill(2), file, profile),
    streamId(SECRET, { ...file, path: "/films/b.mkv" }, profile),
    streamId(SECRET, { ...file, sizeBytes: 2 }, profile),
    streamId(SECRET, { ...file, modifiedMs: 2 }, profile),
    streamId(SECRET, file, { ...profile, model: "net" }),
    streamId(SECRET, file, { ...profile, scale: 3 }),
    streamId(SECRET, file, { ...profile, quality: 21 }),
    streamId(SECRET, file, { ...profile, encoder: "libx265" }),
    streamId(SECRET, file, { ...profile, targetHeight: 720 }),
    streamId(SECRET, file, { ...profile, audio: 2 }),
    streamId(SECRET, file, { ...profile, audio: "fre" }),
    streamId(SECRET, file, { ...profile, faces: 0.5 }),
    streamId(SECRET, file, { ...profile, sharpness: 0.5 }),
    streamId(SECRET, file, { ...profile, sharpness: 0 }),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});
it("stays what it was before target and sound could be asked for", () => {
  const known = { ...file, path: "/films/a.mkv", sizeBytes: 1, modifiedMs: 1 };
  const asked = { model: "auto", scale: 2, encoder: "auto", quality: 20 } as const;
  expect(streamId(SECRET, known, asked)).toBe("4arefcbiw6to5kolzb7sgu4iwn");
});
it("does not depend on fractions of a millisecond, which file systems round differently", () => {
  const at = (modifiedMs: number): string => streamId(SECRET, { ...file, modifiedMs }, profile);
  expect(at(5.25)).toBe(at(5.5));
});
