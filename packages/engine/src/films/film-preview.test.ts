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

/** Pictures that are files at once. */
function previewIn(dataDir: string) {
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
