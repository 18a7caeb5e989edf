import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeRecord, makeSharedLeases, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { endExport, readBegunExports } from "./begun-export.ts";
import { claimExportName, findExportName, isExportBesideSource } from "./export-names.ts";

const output = { width: 960, height: 640 } as never;

describe("the name of an export", () => {
  let folder: TempFolder;
  beforeEach(async () => void (folder = await makeTempFolder()));
  afterEach(() => folder[Symbol.asyncDispose]());

  const film = (name: string, id = "aaaa", at = "Tracks (2010)") => {
    const path = join(folder.path, at, name);
    return {
      ...makeRecord({ id, title: "Tracks", file: { path, sizeBytes: 1, modifiedMs: 1 } }),
      output,
    };
  };
  const folders = (exportDir = "source") => ({ dataDir: join(folder.path, "data"), exportDir });
  const named = async (name: string, at?: string): Promise<string> =>
    (await findExportName(film(name, "aaaa", at), folders(), "mkv")).replace(`${folder.path}/`, "");

  it("is the film's with its size", async () => {
    expect(await named("Tracks (2010).avi")).toBe(
      "Tracks (2010)/Tracks (2010) - Upscaled 640p.mkv",
    );
    expect(await named("Tracks.mkv", "Films")).toBe("Films/Tracks - Upscaled 640p.mkv");
    expect(await named("Tracks (2010) - 320p.mkv")).toContain(" - 320p - Upscaled 640p.mkv");
    expect(await findExportName(film("a.mkv"), folders("/exports"), "mp4")).toBe(
      "/exports/Tracks - Upscaled 640p.mp4",
    );
  });

  it("is not one that Jellyfin would show before its source", async () => {
    expect(await named("Tracks (2010) - DVD.mkv")).toContain(" - DVD - Upscaled 640.mkv");
  });

  it("is one film's alone of two that begin at once, by gateways of their own", async () => {
    const leases = makeSharedLeases();
    const [one, other] = await Promise.all(
      ["aaaa", "bbbb"].map(async (id) => {
        await mkdir(join(folders().dataDir, "streams", id), { recursive: true });
        const by = { format: "mkv" as const, leases: leases.at(`http://${id}`) };
        return claimExportName(film("Tracks (2010).mkv", id), folders(), by);
      }),
    );
    const names = [one, other].map((claimed) => claimed?.file.replace(/^.* - /, ""));
    expect(new Set(names)).toEqual(new Set(["Upscaled 640p.mkv", "Upscaled 640p 2.mkv"]));
    // Neither of them forgets the other's.
    const owners: unknown = JSON.parse(
      await readFile(join(folders().dataDir, "exports.json"), "utf8"),
    );
    expect(new Set(Object.values(Object(owners)))).toEqual(new Set(["aaaa", "bbbb"]));
  });

  it("is noted until its own export ends, not one before it that stood still", async () => {
    await mkdir(join(folders().dataDir, "streams", "aaaa"), { recursive: true });
    const claim = () =>
      claimExportName(film("Tracks (2010).mkv", "aaaa"), folders(), { format: "mkv" });
    const key = { id: "aaaa", format: "mkv" } as const;
    const [before, after] = [await claim(), await claim()];
    await endExport(folders().dataDir, key, before.part);
    const begun = await readBegunExports(folders().dataDir, "aaaa");
    expect(begun.map(({ part }) => part)).toEqual([after.part]);
    await endExport(folders().dataDir, key, after.part);
    expect(await readBegunExports(folders().dataDir, "aaaa")).toEqual([]);
  });

  it("has a number only where somebody else's file is, and stays a film's own", async () => {
    await mkdir(join(folder.path, "Tracks (2010)"));
    const claim = async (id: string): Promise<string> => {
      await mkdir(join(folders().dataDir, "streams", id), { recursive: true });
      const of = film("Tracks (2010).mkv", id);
      const { file, part } = await claimExportName(of, folders(), { format: "mkv" });
      await endExport(folders().dataDir, { id, format: "mkv" }, part);
      return file;
    };
    const take = async (id: string): Promise<string> => {
      const path = await claim(id);
      await writeFile(path, id);
      return path.replace(/^.* - /, "");
    };
    expect([
      await take("aaaa"),
      await take("bbbb"),
      await take("aaaa"),
      await take("bbbb"),
    ]).toEqual([
      "Upscaled 640p.mkv",
      "Upscaled 640p 2.mkv",
      "Upscaled 640p.mkv",
      "Upscaled 640p 2.mkv",
    ]);
    await rm(join(folder.path, "Tracks (2010)", "Tracks (2010) - Upscaled 640p.mkv"));
    expect(await take("cccc")).toBe("Upscaled 640p.mkv");
    await writeFile(join(folder.path, "data", "exports.json"), "{");
    expect(await take("cccc")).toBe("Upscaled 640p 3.mkv");
    expect(await readFile(join(folder.path, "data", "exports.json"), "utf8")).toContain("cccc");
  });

  it.each<[string, boolean]>([
    ["A - Upscaled 640p.mkv", true],
    ["A - Upscaled 640 2.mp4", true],
    ["A - Upscaled to 640 2x-kk-hb-nx.mkv", true],
    ["A - Upscaled.mkv", false],
    ["A - 640p.mkv", false],
    ["Upscaled 640p.mkv", false],
  ])("%s is one: %s", (name, isOne) => {
    expect(isExportBesideSource(name)).toBe(isOne);
  });
});
