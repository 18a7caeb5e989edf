import { expect, it } from "vitest";
import type { FileCall } from "./file-calls.ts";
import { nextBatches, type WaitingCall } from "./next-batches.ts";
import type { Sent } from "./sent-calls.ts";

const calls = (folder: string, count: number, name: "look" | "isEmpty" = "look"): WaitingCall[] =>
  Array.from({ length: count }, (_, n) => {
    const call: FileCall = { name, path: `${folder}/${n}` };
    return { folder, request: { id: n, call } };
  });
const looks = (calls: number): Sent => ({ calls, looks: calls });
const others = (calls: number): Sent => ({ calls, looks: 0 });
const sizes = (waiting: WaitingCall[], sent: Record<string, Sent> = {}): object =>
  Object.fromEntries(
    [...nextBatches(waiting, new Map(Object.entries(sent)))].map(([folder, { length }]) => [
      folder,
      length,
    ]),
  );

it("tells looks that wait for each other in one message", () => {
  expect(sizes(calls("/films", 300))).toEqual({ "/films": 32 });
  // Those that come while others are made wait for them.
  expect(sizes(calls("/films", 300), { "/films": looks(1) })).toEqual({});
  expect(sizes(calls("/films", 300), { "/films": looks(32) })).toEqual({});
});

it("does not keep looks waiting for calls that may take long, nor these for looks", () => {
  expect(sizes(calls("/films", 300), { "/films": others(1) })).toEqual({ "/films": 2 });
  expect(sizes(calls("/films", 300), { "/films": others(3) })).toEqual({});
  expect(sizes(calls("/films", 9, "isEmpty"), { "/films": looks(1) })).toEqual({ "/films": 2 });
});

it("keeps three threads for a folder at most, and tells nothing that would wait for one", () => {
  expect(sizes(calls("/films", 9, "isEmpty"))).toEqual({ "/films": 3 });
  expect(sizes([...calls("/films", 1), ...calls("/films", 9, "isEmpty")])).toEqual({ "/films": 3 });
  const folders = ["/a", "/b", "/c", "/d", "/e", "/f", "/g"];
  expect(sizes(folders.flatMap((folder) => calls(folder, 40)))).toEqual({
    ...{ "/a": 32, "/b": 32, "/c": 32, "/d": 32, "/e": 32 },
    "/f": 1,
  });
  const SENT = { "/a": looks(32), "/b": looks(3), "/c": others(3), "/d": looks(3), "/e": looks(3) };
  expect(sizes(calls("/z", 2), SENT)).toEqual({
    "/z": 1,
  });
});
