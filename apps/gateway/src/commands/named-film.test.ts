import { expect, test } from "vitest";
import { localPath } from "./named-film.ts";

test("a URL on the command line is refused by the name that it was given", () => {
  expect(() => localPath("http://nas/film.mkv")).toThrow("http://nas/film.mkv is a web address");
  expect(localPath("file:///films/a%20b.mkv")).toBe("/films/a b.mkv");
  for (const path of ["film.mkv", "/films/http:/x.mkv", "a:b.mkv"])
    expect(localPath(path)).toBe(path);
});
