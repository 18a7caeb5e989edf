import {
  appendFile,
  mkdir,
  mkdtemp,
  realpath,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UpreelError, type FileIdentity, type SourceRef } from "@upreel/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { directCalls, directFiles } from "./direct-calls.ts";
import { isInside } from "./is-inside.ts";
import { createMediaFiles } from "./media-files.ts";

const { locate: locateSource, lookAgain, tryToRead, use } = directFiles();
const check = (file: FileIdentity): Promise<string> => use(file, async () => "used");

let base = "";
let roots: string[] = [];

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "upreel-source-")));
  await mkdir(join(base, "films/folder"), { recursive: true });
  await mkdir(join(base, "films-private"));
  await writeFile(join(base, "films/film.mkv"), "0123456789");
  await writeFile(join(base, "films-private/secret.mkv"), "");
  await symlink(join(base, "films-private/secret.mkv"), join(base, "films/way-out.mkv"));
  await symlink(join(base, "films-private"), join(base, "films/way-out"));
  await symlink(join(base, "films/film.mkv"), join(base, "films/same.mkv"));
  await symlink(join(base, "films/loop"), join(base, "films/loop"));
  await symlink(join(base, "films"), join(base, "linked-root"));
  roots = [join(base, "films")];
});
afterAll(() => rm(base, { recursive: true, force: true }));

const codeOf = (path: string, among: readonly string[] = roots): Promise<string> =>
  locateSource(path, among).then(
    () => "found",
    (thrown: unknown) => (thrown instanceof UpreelError ? thrown.code : String(thrown)),
  );

describe("the file of a trigger", () => {
  it("is known by its real path, size and time", async () => {
    const found = await locateSource(join(base, "films/same.mkv"), roots);
    expect(found).toMatchObject({ path: join(base, "films/film.mkv"), sizeBytes: 10 });
    expect(found.modifiedMs).toBeGreaterThan(1e12);
  });

  it("must be in a root, whether it exists or not, also where names only begin alike", async () => {
    expect(await codeOf(join(base, "films-private/secret.mkv"))).toBe("source_outside_roots");
    expect(await codeOf(join(base, "films-private/none.mkv"))).toBe("source_outside_roots");
    expect(await codeOf(`${base}/films/../films-private/secret.mkv`)).toBe("source_outside_roots");
    expect(await codeOf("/etc/passwd")).toBe("source_outside_roots");
  });

  it("must stay in the root when symlinks are resolved", async () => {
    expect(await codeOf(join(base, "films/way-out.mkv"))).toBe("source_outside_roots");
    expect(await codeOf(join(base, "films/way-out/secret.mkv"))).toBe("source_outside_roots");
  });

  it("may be named by a root that is a symlink, or by where that leads", async () => {
    const linked = [join(base, "linked-root")];
    expect(await codeOf(join(base, "linked-root/film.mkv"), linked)).toBe("found");
    expect(await codeOf(join(base, "films/film.mkv"), linked)).toBe("found");
  });

  it("must exist and be a file", async () => {
    expect(await codeOf(join(base, "films/none.mkv"))).toBe("source_missing");
    expect(await codeOf(join(base, "films/film.mkv/x"))).toBe("source_missing");
    expect(await codeOf(join(base, `films/${"x".repeat(300)}.mkv`))).toBe("source_missing");
    expect(await codeOf(join(base, "films/folder"))).toBe("source_not_a_file");
    expect(await codeOf(join(base, "films"))).toBe("source_not_a_file");
    expect(await codeOf(join(base, "films/loop"))).toBe("source_unreadable");
  });

  it("must be absolute and without a zero byte", async () => {
    expect(await codeOf("films/film.mkv")).toBe("bad_request");
    expect(await codeOf(`${base}/films/film.mkv\0.png`)).toBe("bad_request");
  });

  it("is refused with advice when no root is set", async () => {
    await expect(locateSource(join(base, "films/film.mkv"), [])).rejects.toThrow(/MEDIA_ROOTS=/);
  });

  it("is another file after it changed", async () => {
    const before = await locateSource(join(base, "films/film.mkv"), roots);
    await truncate(join(base, "films/film.mkv"), 5);
    expect(await locateSource(before.path, roots)).not.toEqual(before);
  });
});

describe("a file that was located", () => {
  const film = (name: string): string => join(base, "films", name);
  const locate = async (name: string, text = "0123456789") => {
    await writeFile(film(name), text);
    return locateSource(film(name), roots);
  };
  const codeAfter = async (done: Promise<unknown>): Promise<string> =>
    done.then(
      () => "same",
      (thrown: unknown) => (thrown instanceof UpreelError ? thrown.code : String(thrown)),
    );

  it("is used as long as it is the same one", async () => {
    const file = await locate("same-one.mkv");
    expect(await lookAgain(file)).toEqual(file);
    expect(await check(file)).toBe("used");
    await tryToRead(file);
  });

  it("begins as it did when more is written to its end, and not when another one is written into it", async () => {
    const text = "0123456789".repeat(5_000);
    const file = await locate("longer.mkv", text);
    const before = await tryToRead(file);
    await appendFile(file.path, "and more");
    expect(await codeAfter(check(file))).toBe("source_growing");
    expect(await tryToRead(file)).toBe(before);
    await writeFile(file.path, `${text.slice(0, 24_000)}another${text}`);
    expect(await tryToRead(file)).not.toBe(before);
  });

  it("is not used when something else took its place, however like it that is", async () => {
    const file = await locate("swapped.mkv");
    const at = new Date(file.modifiedMs);
    await utimes(file.path, at, at);
    const before = await locateSource(file.path, roots);
    await writeFile(film("other.mkv"), "9876543210");
    await utimes(film("other.mkv"), at, at);
    await rename(film("other.mkv"), before.path);
    expect(await codeAfter(check(before))).toBe("source_changed");
    await rm(before.path);
    await symlink(join(base, "films-private/secret.mkv"), before.path);
    expect(await codeAfter(check(before))).toBe("source_changed");
    await rm(before.path);
    expect(await codeAfter(check(before))).toBe("source_missing");
    await mkdir(before.path);
    expect(await codeAfter(check(before))).toBe("source_not_a_file");
  });

  it("is not used when a folder above it leads elsewhere now", async () => {
    await mkdir(film("season"));
    const file = await locate("season/1.mkv");
    await rename(film("season"), join(base, "films-private/season"));
    await symlink(join(base, "films-private/season"), film("season"));
    expect(await codeAfter(check(file))).toBe("source_changed");
  });

  it("gives nothing that was made while it was another one", async () => {
    const file = await locate("meanwhile.mkv");
    expect(await codeAfter(use(file, () => truncate(file.path, 5)))).toBe("source_changed");
    const again = await locate("meanwhile.mkv");
    const fail = async (): Promise<void> => {
      await truncate(again.path, 5);
      throw new UpreelError("decoder_failed", "no picture");
    };
    expect(await codeAfter(use(again, fail))).toBe("source_changed");
  });

  it("may come back when all of its folder is away", async () => {
    await mkdir(join(base, "mount"));
    await writeFile(join(base, "mount/film.mkv"), "0123456789");
    const file = await locateSource(join(base, "mount/film.mkv"), [join(base, "mount")]);
    await rm(file.path);
    expect(await codeAfter(check(file))).toBe("source_unavailable");
    // What is left of a film that somebody deleted.
    await writeFile(join(base, "mount/film.nfo"), "");
    expect(await codeAfter(check(file))).toBe("source_missing");
  });

  it("cannot be read at the moment where its disk says so", async () => {
    const file = await locate("unread.mkv");
    const { tryToRead: tried } = createMediaFiles({
      ...directCalls,
      read: () => Promise.reject(Object.assign(new Error("EIO: i/o error"), { code: "EIO" })),
    });
    expect(await codeAfter(tried(file))).toBe("source_unavailable");
  });
});

it("a folder holds itself and what is below, but not its siblings", () => {
  expect(isInside("/films", "/films")).toBe(true);
  expect(isInside("/films", "/films/..a/b")).toBe(true);
  expect(isInside("/", "/films")).toBe(true);
  expect(isInside("/films", "/films2")).toBe(false);
  expect(isInside("/films", "/")).toBe(false);
});

it("a film of an order lies where it was found, on the machine that ordered: no disk is asked", async () => {
  const never = (): never => {
    throw new Error("a disk was asked");
  };
  const files = createMediaFiles({
    ...{ look: never, list: never, isEmpty: never, read: never },
    ...{ beside: never, readText: never, bytes: never },
  });
  const { signal } = new AbortController();
  const source = { id: "a", path: "/films/a.mkv" } as SourceRef;
  expect((await files.findSource(source, signal)).path).toBe("/films/a.mkv");
});
