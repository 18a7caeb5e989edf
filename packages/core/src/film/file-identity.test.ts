import { describe, expect, it } from "vitest";
import {
  isOnlyLonger,
  isSameFile,
  requireSameFile,
  settledFile,
  type FileIdentity,
} from "./file-identity.ts";

const file: FileIdentity = {
  ...{ path: "/films/film.mkv", sizeBytes: 10, modifiedMs: 5.75, device: "1", inode: "2" },
};

describe("a file is the same", () => {
  it("as long as its size, its time and its inode are; the time to a millisecond", () => {
    expect(isSameFile(file, { ...file, modifiedMs: 5 })).toBe(true);
    expect(isSameFile(file, { ...file, modifiedMs: 6 })).toBe(false);
    expect(isSameFile(file, { ...file, sizeBytes: 11 })).toBe(false);
    expect(isSameFile(file, { ...file, inode: "3" })).toBe(false);
    expect(isSameFile(file, { ...file, path: "/films/other.mkv" })).toBe(false);
  });
  it("when its disk was mounted again, or when its inode is not known", () => {
    expect(isSameFile(file, { ...file, device: "7", inode: "3" })).toBe(true);
    const { device: _, inode: __, ...unknown } = file;
    expect(isSameFile(unknown, file)).toBe(true);
  });
});

it("a file that may grow is the same when it is longer and newer, but not when it is another one", () => {
  const growing = { ...file, mayGrow: true };
  expect(isSameFile(growing, { ...file, sizeBytes: 11, modifiedMs: 6 })).toBe(true);
  expect(isSameFile(growing, file)).toBe(true);
  expect(isSameFile(growing, { ...file, sizeBytes: 9, modifiedMs: 6 })).toBe(false);
  expect(isSameFile(growing, { ...file, sizeBytes: 11, modifiedMs: 4 })).toBe(false);
  expect(isSameFile(growing, { ...file, sizeBytes: 11, modifiedMs: 6, inode: "3" })).toBe(false);
  expect(isSameFile(settledFile(growing), { ...file, sizeBytes: 11 })).toBe(false);
});

it("a file that is longer and newer may be the same with more at its end; what lies elsewhere is another one", () => {
  const longer = { ...file, sizeBytes: 11, modifiedMs: 6 };
  expect(isOnlyLonger(file, longer)).toBe(true);
  expect(() => requireSameFile(file, longer)).toThrow(
    expect.objectContaining({ code: "source_growing" }),
  );
  for (const other of [
    { ...longer, inode: "3" },
    { ...longer, modifiedMs: 4 },
    { ...longer, sizeBytes: 9 },
  ]) {
    expect(isOnlyLonger(file, other)).toBe(false);
    expect(() => requireSameFile(file, other)).toThrow(
      expect.objectContaining({ code: "source_changed" }),
    );
  }
});
