import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileIdentity } from "@upreel/core";
import type { Plan } from "@upreel/streams";
import { makeTempFolder, makeTimeline } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createFilmPreview, PREVIEW_SCENES, type PreviewParts } from "./film-preview.ts";

const file = (name: string, modifiedMs = 1): FileIdentity => ({
  ...{ path: `/films/${name}.mkv`, sizeBytes: 1, modifiedMs },
});

/** Pictures that are files as soon as `hold` lets them. */
function previewIn(dataDir: string, hold: (folder: string) => Promise<void> = async () => {}) {
  const asked: [frame: number, model: string][] = [];
  const settings: PreviewParts["settings"] = {
    ...{ model: "best", scale: 2, videoEncoder: "auto", quality: 20, content: undefined },
    faces: { isOn: false, strength: 0.7 },
  };
  const preview = createFilmPreview({
    ...{ settings, dataDir },
    planner: { prepare: async () => ({ timeline: makeTimeline(1_000) }) as Plan },
    stills: {
      async still({ folder = "" }, frame, model) {
        asked.push([frame, model]);
        await mkdir(folder, { recursive: true });
        await hold(folder);
        await writeFile(join(folder, `${frame}.png`), "");
        return join(folder, `${frame}.png`);
      },
    },
  });
  return { preview, asked };
}
const { signal } = new AbortController();

it("looks at three places of a film, beside its titles and credits, by any model", async () => {
  await using folder = await makeTempFolder();
  const { preview, asked } = previewIn(folder.path);
  for (let scene = 0; scene < PREVIEW_SCENES; scene++)
    await preview(file("Heat"), { scene, model: "net" }, signal);
  expect(asked).toEqual([200, 500, 800].map((frame) => [frame, "net"]));
});

it("keeps pictures of the few films that were looked at last; a file that was replaced is another film", async () => {
  await using folder = await makeTempFolder();
  const { preview } = previewIn(folder.path);
  const look = (name: string, modifiedMs?: number) =>
    preview(file(name, modifiedMs), { scene: 0, model: "net" }, signal);
  const first = await look("a");
  expect(await look("a", 2)).not.toBe(first);
  const films = join(folder.path, "previews");
  for (const [n, name] of (await readdir(films)).entries()) await utimes(join(films, name), n, n);
  // Looked at again, it is the latest.
  expect(await look("a")).toBe(first);
  for (const name of ["b", "c", "d", "e"]) await look(name);
  const kept = await readdir(films);
  expect(kept).toHaveLength(5);
  expect(kept.some((name) => first.includes(name))).toBe(true);
});

it("pictures of a film that are still being made stay, however many others are looked at meanwhile", async () => {
  await using folder = await makeTempFolder();
  const made = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<string>();
  const { preview } = previewIn(folder.path, async (film) => {
    // The first one alone has to wait.
    begun.resolve(film);
    if ((await begun.promise) === film) await made.promise;
  });
  const look = (name: string) => preview(file(name), { scene: 0, model: "net" }, signal);
  const first = look("a");
  await utimes(await begun.promise, 1, 1);
  for (const name of ["b", "c", "d", "e", "f"]) await look(name);
  made.resolve();
  await expect(first).resolves.toBeDefined();
});
