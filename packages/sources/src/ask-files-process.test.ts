import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UpreelError } from "@upreel/core";
import { makeFifo } from "@upreel/media";
import { makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createFilesProcess } from "./create-files-process.ts";
import { directCalls } from "./direct-calls.ts";

const SCRIPT = fileURLToPath(new URL("testing/hanging-files-process.ts", import.meta.url));

let folder: TempFolder;
beforeEach(async () => {
  folder = await makeTempFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

async function makeDead(name: string): Promise<string> {
  await mkdir(join(folder.path, name));
  await makeFifo(join(folder.path, name, "dead"));
  return join(folder.path, name, "dead");
}

const codeOf = (done: Promise<unknown>): Promise<string> =>
  done.then(
    () => "answered",
    (thrown: unknown) => (thrown instanceof UpreelError ? thrown.code : String(thrown)),
  );

it("a folder that hangs holds up no other, however often it is asked", async () => {
  const dead = await makeDead("away");
  const files = createFilesProcess({ script: SCRIPT, longestMs: 600_000 });
  const asked = Array.from({ length: 40 }, () => codeOf(files.look(dead)));
  expect(await codeOf(files.look("/films/film.mkv"))).toBe("answered");
  expect(await codeOf(files.look("/films/film.mkv"))).toBe("answered");
  await files[Symbol.asyncDispose]();
  expect(new Set(await Promise.all(asked))).toEqual(new Set(["source_unavailable"]));
});

it("a folder that hangs is told so after its deadline, and at once for a while then", async () => {
  const dead = await makeDead("away");
  await using files = createFilesProcess({ script: SCRIPT, longestMs: 500, restMs: 600_000 });
  await expect(files.look(dead)).rejects.toThrow(`${folder.path}/away does not answer`);
  expect(await codeOf(files.look(join(folder.path, "away/film.mkv")))).toBe("source_unavailable");
  expect(await codeOf(files.look("/films/film.mkv"))).toBe("answered");
});

it("so many folders that hang that no thread is left hold up the others for one deadline", async () => {
  const dead = await Promise.all(Array.from({ length: 16 }, (_, n) => makeDead(`away${n}`)));
  await using files = createFilesProcess({ script: SCRIPT, longestMs: 1_000, restMs: 600_000 });
  const asked = dead.flatMap((path) => [codeOf(files.look(path)), codeOf(files.look(path))]);
  expect(await codeOf(files.look("/films/film.mkv"))).toBe("answered");
  expect(new Set(await Promise.all(asked))).toEqual(new Set(["source_unavailable"]));
});

it("a folder that hung is asked again after a while", async () => {
  const dead = await makeDead("away");
  await using files = createFilesProcess({ script: SCRIPT, longestMs: 1_000, restMs: 0 });
  expect(await codeOf(files.look(dead))).toBe("source_unavailable");
  expect(await codeOf(files.look(join(folder.path, "away/film.mkv")))).toBe("answered");
});

it("a call that ends its process again and again is given up", async () => {
  await using files = createFilesProcess({ script: SCRIPT });
  expect(await codeOf(files.look("/films/deadly"))).toBe("source_unavailable");
  expect(await codeOf(files.look("/other/film.mkv"))).toBe("answered");
});

it("runs its own files-process script unless told otherwise", async () => {
  await using files = createFilesProcess();
  const look = await files.look(folder.path);
  expect(look).toEqual(await directCalls.look(folder.path));
});

it("finds plain files that are named after a film, and reads text in any charset", async () => {
  const at = (name: string): string => join(folder.path, name);
  for (const name of ["Film.mkv", "Film 2.srt", "Filmmusik.mp3"]) await writeFile(at(name), "");
  await writeFile(at("Film.de.srt"), Buffer.from("schön", "latin1"));
  await writeFile(at("Film.en.srt"), "schön");
  await writeFile(at("Film.fr.srt"), Buffer.from("\ufeffété", "utf16le"));
  await symlink(at("Film.de.srt"), at("Film.it.srt"));
  await mkdir(at("Film.trickplay"));
  await using files = createFilesProcess();
  const found = await files.beside(at("Film.mkv"));
  expect(found.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
    ...[["Film.de.srt", 5] as const, ["Film.en.srt", 6] as const, ["Film.fr.srt", 8] as const],
  ]);
  const texts = found.map(({ name }) => files.readText(at(name), "windows-1252"));
  expect(await Promise.all(texts)).toEqual(["schön", "schön", "été"]);
  await expect(files.readText(at("Film.it.srt"), "windows-1252")).rejects.toThrow("ELOOP");
});
