import { mkdir, mkdtemp, realpath, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UpreelError } from "@upreel/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isInside, locateSource } from "./source-file.ts";

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

it("a folder holds itself and what is below, but not its siblings", () => {
  expect(isInside("/films", "/films")).toBe(true);
  expect(isInside("/films", "/films/..a/b")).toBe(true);
  expect(isInside("/", "/films")).toBe(true);
  expect(isInside("/films", "/films2")).toBe(false);
  expect(isInside("/films", "/")).toBe(false);
});
