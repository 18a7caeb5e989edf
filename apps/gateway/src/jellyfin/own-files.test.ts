import { expect, it } from "vitest";
import type { Config } from "../config.ts";
import { isOwnFile } from "./own-files.ts";

it("segments, finished films and exports are Upreel's own; films below its data folder are not", () => {
  const config = { dataDir: "/srv/data", exportDir: "/srv/exports" } as Config;
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
