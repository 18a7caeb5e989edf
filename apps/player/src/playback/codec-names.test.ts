import { expect, it } from "vitest";
import { codecTitle, firstUnplayable } from "./codec-names.ts";

it.each([
  ["hvc1.1.6.L93.90", "HEVC (hvc1.1.6.L93.90)"],
  ["dvhe.05.06", "Dolby Vision (dvhe.05.06)"],
  ["mp4v.61", "MPEG-2 (mp4v.61)"],
  ["mp4v.6A", "MPEG-1 (mp4v.6A)"],
  ["mp4v.20", "MPEG-4 Part 2 (mp4v.20)"],
  ["vp8", "VP8"],
  ["theora", "theora"],
])("%s is called %s", (name, title) => {
  expect(codecTitle(name)).toBe(title);
});

it("tells which codec of a playlist is the one that cannot be played", () => {
  const canPlay = (mimeType: string): boolean => mimeType.includes("avc1");
  expect(firstUnplayable("avc1.640028,ac-3", canPlay)).toBe("ac-3");
  expect(firstUnplayable("hvc1.1.6.L93.90,mp4a.40.2", canPlay)).toBe("hvc1.1.6.L93.90");
  // By their names all can be played: the pictures are what is most often at fault.
  expect(firstUnplayable("avc1.6e0028", canPlay)).toBe("avc1.6e0028");
});
