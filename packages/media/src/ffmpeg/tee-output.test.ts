import { expect, test } from "vitest";
import { teeOutput } from "./tee-output.ts";

test("plain names stay readable", () => {
  const slaves = [
    { options: { f: "hls", start_number: "3" }, path: "/data/run.m3u8" },
    { options: { f: "mpegts" }, path: "/data/film.ts" },
  ];
  expect(teeOutput(slaves)).toBe("[f=hls:start_number=3]/data/run.m3u8|[f=mpegts]/data/film.ts");
});

test("each level of quoting is undone by itself: slaves first, then options", () => {
  expect(teeOutput([{ options: { name: "a:b" }, path: "/x" }])).toBe(String.raw`[name=a\\:b]/x`);
  expect(teeOutput([{ options: { name: "it's" }, path: "/it's" }])).toBe(
    String.raw`[name=it\\\'s]/it\'s`,
  );
  expect(teeOutput([{ options: { name: "a|b" }, path: "/a|b" }])).toBe(
    String.raw`[name=a\|b]/a\|b`,
  );
});
