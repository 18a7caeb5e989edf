import { expect, it } from "vitest";
import { namedStream } from "./named-stream.ts";

const ID = "abcdefghijklmnopqrstuvwx23";

it.each([
  ["/hls/ID/live.m3u8", {}, undefined],
  ["/hls/ID/segments/000001.ts", {}, undefined],
  ["/status/ID", {}, undefined],
  ["/streams/ID/pause", {}, undefined],
  ["/playhead/ID", {}, undefined],
  ["/watch/ID", {}, undefined],
  ["/events", { id: "ID" }, undefined],
  ["/internal/served", {}, "/hls/ID/segments/000001.ts"],
])("%s is about a stream", (path, query, servedUrl) => {
  const named = (text: string): string => text.replace("ID", ID);
  const given = Object.fromEntries(Object.entries(query).map(([key, text]) => [key, named(text)]));
  expect(
    namedStream({ path: named(path), query: given, servedUrl: servedUrl && named(servedUrl) }),
  ).toBe(ID);
});

it.each([
  ["/streams", {}, undefined],
  ["/hls/../../etc/passwd", {}, undefined],
  ["/hls/ABC/live.m3u8", {}, undefined],
  [`/films/after/${ID}`, {}, undefined],
  ["/events", {}, undefined],
  ["/events", { id: ["a", "b"] }, undefined],
  ["/internal/served", {}, undefined],
])("%s is not", (path, query, servedUrl) => {
  expect(namedStream({ path, query, servedUrl })).toBeUndefined();
});
