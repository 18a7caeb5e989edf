import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeFileName } from "@upreel/core";
import { diskName } from "@upreel/files";
import { makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeStrmBeside } from "./strm-beside.ts";
import { isOwnStrm, markOf } from "./strm-mark.ts";

const A = "abcdefghij234567abcdefghij";
const B = "bbcdefghij234567abcdefghij";
const NAME = "Hall (2006) - Upscaled.strm";
const urlOf = (id: string): string => `http://upreel:5000/hls/${id}/stream.m3u8?absolute`;

const NOTHING_AMISS = { problems: [], denied: { ids: [], why: undefined } };

describe("the .strm beside a film", () => {
  let folder: TempFolder;
  let films: string;
  beforeEach(async () => {
    folder = await makeTempFolder();
    films = join(folder.path, "Hall (2006)");
    await mkdir(films);
  });
  afterEach(() => folder[Symbol.asyncDispose]());
  const write = (...ids: string[]) =>
    writeStrmBeside(
      join(folder.path, "strm.json"),
      ids.map((id) => ({ id, source: join(films, "Hall (2006).mkv") })),
      urlOf,
    );
  const content = (): Promise<string> => readFile(join(films, NAME), "utf8");

  it("lies beside one whose name is not UTF-8, too, and goes with it", async () => {
    const raw = decodeFileName(Buffer.from("Caf\xe9", "latin1"));
    const source = join(films, `${raw}.mkv`);
    const list = join(folder.path, "strm.json");
    const beside = diskName(join(films, `${raw} - Upscaled.strm`));
    expect((await writeStrmBeside(list, [{ id: A, source }], urlOf)).problems).toEqual([]);
    expect(await readFile(beside, "utf8")).toBe(`${urlOf(A)}\n`);
    await writeStrmBeside(list, [], urlOf);
    expect(await readdir(films)).toEqual([]);
  });

  it("is named as a version of it, follows the stream, and goes with it", async () => {
    expect(await write(A)).toEqual({ ...NOTHING_AMISS, hasChanged: true });
    expect(await readdir(films)).toEqual([NAME]);
    expect(await content()).toBe(`${urlOf(A)}\n`);
    expect(await write(A)).toEqual({ ...NOTHING_AMISS, hasChanged: false });
    await write(B);
    expect(await content()).toBe(`${urlOf(B)}\n`);
    await write();
    expect(await readdir(films)).toEqual([]);
  });

  it("never takes the place of somebody else's, nor deletes one", async () => {
    await writeFile(join(films, NAME), "http://nas/other.m3u8");
    expect((await write(A)).problems).toEqual([expect.stringContaining("somebody else's")]);
    expect(await content()).toBe("http://nas/other.m3u8");
    await writeFile(join(folder.path, "strm.json"), JSON.stringify([join(films, NAME)]));
    await write();
    expect(await content()).toBe("http://nas/other.m3u8");
  });

  it("is told of where it cannot be written", async () => {
    const gone = { id: A, source: join(folder.path, "gone", "Film.mkv") };
    const { problems } = await writeStrmBeside(join(folder.path, "strm.json"), [gone], urlOf);
    expect(problems).toEqual([expect.stringContaining("ENOENT")]);
  });

  it("is told apart where nothing may be written, now or later", async () => {
    // To anybody, root too.
    const shut = [A, B].map((id) => ({ id, source: `/sys/kernel/${id}.mkv` }));
    const result = await writeStrmBeside(join(folder.path, "strm.json"), shut, urlOf);
    const why = "/sys/kernel: Upreel may not write there";
    expect(result).toEqual({ hasChanged: false, problems: [], denied: { ids: [A, B], why } });
  });

  it("is known by its content, as Jellyfin names the version, and by its name", () => {
    expect(markOf(urlOf(A))).toBe(A);
    expect(markOf("/media/A Film [upreel-abcdefghij].strm")).toBe("abcdefghij");
    expect(markOf("http://nas/hls/x/stream.m3u8")).toBeUndefined();
    expect(isOwnStrm(join(films, NAME))).toBe(true);
    expect(isOwnStrm("/media/Hall (2006).mkv")).toBe(false);
  });
});
