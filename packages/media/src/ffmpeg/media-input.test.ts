import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { FILM_ONLY, filmInput, filmSlice, refusedFormat } from "./media-input.ts";

it("opens local films only, with the options of the input before it", () => {
  const args = filmInput("/films/-a: b.mkv", "-ss", "3");
  expect(args).toEqual(["-ss", "3", ...FILM_ONLY, "-i", "file:/films/-a: b.mkv"]);
  expect(args[args.indexOf("-protocol_whitelist") + 1]).toBe("file");
  const formats = args[args.indexOf("-format_whitelist") + 1]?.split(",") ?? [];
  for (const playlist of ["hls", "dash", "concat", "sdp", "imf", "image2", "lavfi"]) {
    expect(formats).not.toContain(playlist);
  }
});

it("opens a part of a film as if it were all of it", () => {
  const args = filmSlice("/films/a,:.ts", { from: 188, to: 0 }, "-vn");
  expect(args.slice(-2)).toEqual(["-i", "subfile,,start,188,end,0,,:file:/films/a,:.ts"]);
  expect(args[args.indexOf("-protocol_whitelist") + 1]).toBe("file,subfile");
});

it("is the only way in which ffmpeg is given a file", () => {
  const files = globSync("{packages,apps}/*/src/**/*.ts").filter(
    (path) => !/\.test\.ts$|\/test-|testkit|testing\//.test(path),
  );
  expect(files.length).toBeGreaterThan(300);
  // Raw frames and sound of our own and test pictures, whose format is given.
  const ours =
    /(audio-arguments|encode-arguments|picture-arguments|choose-encoder|tone-map-trial|media-input)\.ts$/;
  const others = files.filter((path) => readFileSync(path, "utf8").includes('"-i"'));
  expect(others.filter((path) => !ours.test(path))).toEqual([]);
});

it("reads from ffmpeg's words which format was refused", () => {
  const said =
    "[hls @ 0x5566] Format not on whitelist 'matroska,mov'\nfile:a.mkv: Invalid argument";
  expect(refusedFormat(said)).toBe("hls");
  expect(refusedFormat("[mov @ 0x1] moov atom not found")).toBeUndefined();
});
