import { expect, it } from "vitest";
import { readSidecarName } from "./sidecar-names.ts";

const FILM = "Film (2010).mkv";
const said = (name: string) => {
  const read = readSidecarName(FILM, name);
  return read && [read.language, read.title, ...read.dispositions];
};

it.each<[string, unknown[]]>([
  ["Film (2010).srt", [undefined, undefined]],
  ["Film (2010).fre.srt", ["fre", undefined]],
  ["Film (2010).mkv.srt", [undefined, undefined]],
  ["Film (2010).mkv.de.srt", ["ger", undefined]],
  ["Film (2010).fr.forced.srt", ["fre", undefined, "forced"]],
  [
    "Film (2010).Director's cut.en.sdh.default.ass",
    ["eng", "Director's cut", "hearing_impaired", "default"],
  ],
  ["Film (2010).pt-BR.vtt", ["por", undefined]],
  ["Film (2010).hi.srt", ["hin", undefined]],
  ["Film (2010).en.hi.srt", ["eng", undefined, "hearing_impaired"]],
  ["Film (2010).nor.mka", ["nor", undefined]],
  ["Film (2010).Commentary.AC3", [undefined, "Commentary"]],
])("%s says %j", (name, expected) => {
  expect(said(name)).toEqual(expected);
});

it.each([
  "Film (2010).mkv",
  "Film (2010).nfo",
  "Film (2010).jpg",
  "Film (2010) - Upscaled 640p.fre.srt",
  "Film (2010)2.srt",
  "Other.fre.srt",
])("%s is not of the film", (name) => {
  expect(said(name)).toBeUndefined();
});
