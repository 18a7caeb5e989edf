import { expect, it } from "vitest";
import type { FileCall } from "./file-calls.ts";
import { nextBatches, type WaitingCall } from "./next-batches.ts";

const calls = (folder: string, count: number, name: "look" | "isEmpty" = "look"): WaitingCall[] =>
  Array.from({ length: count }, (_, n) => {
    const call: FileCall = { name, path: `${folder}/${n}` };
    return { folder, request: { id: n, call } };
  });
const sizes = (waiting: WaitingCall[], sent: Record<string, number> = {}): object =>
  Object.fromEntries(
    [...nextBatches(waiting, new Map(Object.entries(sent)))].map(([folder, { length }]) => [
      folder,
      length,
    ]),
  );

it("tells looks that wait for each other in one message", () => {
  expect(sizes(calls("/films", 300))).toEqual({ "/films": 32 });
  expect(sizes(calls("/films", 300), { "/films": 1 })).toEqual({ "/films": 2 });
  expect(sizes(calls("/films", 300), { "/films": 32 })).toEqual({});
});

it("keeps three threads for a folder at most, and tells nothing that would wait for one", () => {
  expect(sizes(calls("/films", 9, "isEmpty"))).toEqual({ "/films": 3 });
  expect(sizes([...calls("/films", 1), ...calls("/films", 9, "isEmpty")])).toEqual({ "/films": 3 });
  const folders = ["/a", "/b", "/c", "/d", "/e", "/f", "/g"];
  expect(sizes(folders.flatMap((folder) => calls(folder, 40)))).toEqual({
    ...{ "/a": 32, "/b": 32, "/c": 32, "/d": 32, "/e": 32 },
    "/f": 1,
  });
  expect(sizes(calls("/z", 2), { "/a": 32, "/b": 3, "/c": 3, "/d": 3, "/e": 3 })).toEqual({
    "/z": 1,
  });
});
