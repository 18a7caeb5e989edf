import { describe, expect, it } from "vitest";
import { mapPath, parsePathMap, type PathMap } from "./path-map.ts";

const MAP: PathMap =
  parsePathMap(
    "/media=/mnt/media; /media/anime/=/anime;D:\\Films=/films;\\\\nas\\share=/nas;/=/host",
  ) ?? [];

describe("a path of another machine", () => {
  it.each([
    ["/media/a.mkv", "/mnt/media/a.mkv"],
    ["/media/anime/b.mkv", "/anime/b.mkv"],
    ["/media//anime/./b.mkv", "/anime/b.mkv"],
    ["/media", "/mnt/media"],
    ["/mediatheque/a.mkv", "/host/mediatheque/a.mkv"],
    ["D:\\Films\\Été (2005)\\c d.mkv", "/films/Été (2005)/c d.mkv"],
    ["d:/films/C.mkv", "/films/C.mkv"],
    ["\\\\NAS\\share\\d.mkv", "/nas/d.mkv"],
    ["E:\\Other\\e.mkv", "E:\\Other\\e.mkv"],
    ["/media/../etc/passwd", "/host/etc/passwd"],
    ["/media/back\\slash.mkv", "/mnt/media/back\\slash.mkv"],
  ])("%s is %s here", (path, here) => {
    expect(mapPath(MAP, path).path).toBe(here);
  });

  it("without a mapping is the same here, but without `..`", () => {
    expect(mapPath([], "/films/x/../a.mkv")).toEqual({ path: "/films/a.mkv", by: undefined });
  });

  it("that is a URL stays as it is, unless it is mapped", () => {
    expect(mapPath(MAP, "http://nas/a.mkv")).toEqual({ path: "http://nas/a.mkv", by: undefined });
    const map = parsePathMap("smb://nas/films=/films") ?? [];
    expect(mapPath(map, "smb://nas/films/a.mkv").path).toBe("/films/a.mkv");
  });

  it("is told by which mapping", () => {
    expect(mapPath(MAP, "/media/anime/b.mkv").by).toEqual({ from: "/media/anime/", to: "/anime" });
  });
});

it("a map that is none is refused", () => {
  expect(parsePathMap("/media")).toBeUndefined();
  expect(parsePathMap("/media=relative")).toBeUndefined();
  expect(parsePathMap(" ; ")).toEqual([]);
  expect(parsePathMap("smb://nas/films=/films")).toEqual([
    { from: "smb://nas/films", to: "/films" },
  ]);
});

describe("a folder that Windows names is where WSL has its drive", () => {
  const map = parsePathMap("/films=D:\\films; /films/old=e:/old films/") ?? [];

  it.each([
    ["/films/a/b.mkv", "/mnt/d/films/a/b.mkv"],
    ["/films/old/Été.mkv", "/mnt/e/old films/Été.mkv"],
    ["/films/older.mkv", "/mnt/d/films/older.mkv"],
    ["/films/../etc/passwd", "/etc/passwd"],
  ])("%s is %s", (path, here) => {
    expect(mapPath(map, path).path).toBe(here);
  });

  it("where there is no drive it is none", () => {
    expect(parsePathMap("/films=D:")).toEqual([{ from: "/films", to: "/mnt/d" }]);
    expect(parsePathMap("/films=D:films")).toBeUndefined();
    expect(parsePathMap("/films=\\\\nas\\films")).toBeUndefined();
  });
});

it("a name may have a `=`", () => {
  expect(parsePathMap("/a=b=/mnt/a=b")).toEqual([{ from: "/a=b", to: "/mnt/a=b" }]);
});
