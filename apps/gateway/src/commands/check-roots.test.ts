import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it, vi } from "vitest";
import { checkRoots } from "./check-roots.ts";

it("film folders that are there are fine, also with a comma; one that is missing is warned of", async () => {
  await using folder = await makeTempFolder();
  const comma = join(folder.path, "War, and Peace");
  await mkdir(comma);
  expect(await checkRoots([folder.path, comma])).toEqual([]);
  const missing = join(folder.path, "flims");
  expect(await checkRoots([folder.path, missing])).toEqual([
    expect.stringMatching(`${missing} does not exist: check MEDIA_ROOTS`),
  ]);
});

it("folders separated by commas, and a file, are refused with what to write instead", async () => {
  await using folder = await makeTempFolder();
  await expect(checkRoots([`${folder.path}, /b;/c`])).rejects.toMatchObject({
    code: "invalid_config",
    expected: expect.stringContaining(`MEDIA_ROOTS=${folder.path}:/b:/c`),
  });
  const film = join(folder.path, "film.mkv");
  await writeFile(film, "");
  await expect(checkRoots([film])).rejects.toThrow(`${film} is a file`);
});

it("a disk that does not respond holds up no start", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  try {
    const checking = checkRoots(["/nas"], { look: () => new Promise(() => {}) });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await checking).toEqual(["the film folder /nas does not respond at the moment"]);
  } finally {
    vi.useRealTimers();
  }
});
