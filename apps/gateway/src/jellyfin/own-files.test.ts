import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { isOwnFile, realOwnFolders } from "./own-files.ts";

it("segments, finished films and exports are Upreel's own; films below its data folder are not", () => {
  const config = { dataDir: "/srv/data", exportDir: "/srv/exports" };
  const own = [
    "/srv/data/streams",
    "/srv/data/streams/x/segments/000000.ts",
    "/srv/data/upscaled/a.ts",
  ];
  for (const path of [...own, "/srv/exports/Hall (2006) - Upscaled 720p.mkv"])
    expect(isOwnFile(config, path), path).toBe(true);
  for (const path of ["/srv/data/films/Hall (2006).mkv", "/srv/data/streams.mkv", "/srv/data"])
    expect(isOwnFile(config, path), path).toBe(false);
});

it("the folders are found behind links, also before they are made", async () => {
  await using folder = await makeTempFolder();
  const disk = join(folder.path, "disk");
  const link = join(folder.path, "link");
  await mkdir(join(disk, "data"), { recursive: true });
  await symlink(disk, link);
  const given = { dataDir: join(link, "data"), exportDir: join(link, "data", "exported") };
  const segment = join(disk, "data", "streams", "x", "segments", "000000.ts");
  const real = await realOwnFolders(given);
  expect([isOwnFile(given, segment), isOwnFile(real, segment)]).toEqual([false, true]);
  expect(real.exportDir).toBe(join(disk, "data", "exported"));
  expect((await realOwnFolders({ ...given, exportDir: "source" })).exportDir).toBe("source");
});
