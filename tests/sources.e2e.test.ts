import { copyFile, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeClip, makeTempFolder, type TempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { expectWhole } from "./support/film-checks.ts";
import { holdBack, letHurry, pacedFfmpeg } from "./support/paced-ffmpeg.ts";
import { startGateway, type RunningGateway } from "./support/start-gateway.ts";
import { canStumble, mountStumblingDisk, type StumblingDisk } from "./support/stumbling-disk.ts";

let folder: TempFolder;
let dataDir: string;
/** What the disk that stumbles holds, and where it is mounted. */
let behind: string;
let mounted: string;
let disk: StumblingDisk | undefined;
let gateway: RunningGateway;

beforeEach(async () => {
  folder = await makeTempFolder();
  dataDir = join(folder.path, "data");
  [behind, mounted] = [join(folder.path, "behind"), join(folder.path, "films/mounted")];
  await mkdir(behind);
  await mkdir(mounted, { recursive: true });
  if (canStumble) disk = await mountStumblingDisk(behind, mounted);
  gateway = await startGateway({
    ...{ dataDir, roots: join(folder.path, "films") },
    env: { FFMPEG: await pacedFfmpeg(folder.path, 0.5), MAX_STREAMS: "2" },
  });
});
afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await disk?.[Symbol.asyncDispose]();
  disk = undefined;
  await folder[Symbol.asyncDispose]();
});

const clip = (path: string, seconds: number): Promise<string> =>
  makeClip(path, { width: 96, height: 54, rate: 24, seconds });
const triggerFails = async (path: string): Promise<[number, string]> => {
  const answer = await fetch(`${gateway.url}/upscale-trigger`, {
    method: "POST",
    body: JSON.stringify({ path }),
  });
  return [answer.status, ((await answer.json()) as { message: string }).message];
};

it.skipIf(!canStumble)(
  "a disk that stumbles and then hangs in mid-film is waited for: the film is complete in the end",
  async () => {
    await clip(join(behind, "film.mp4"), 20);
    const { id } = await gateway.trigger(join(mounted, "film.mp4"));
    for (const health of ["failing", "gone"] as const) {
      const { segments_ready: before } = await gateway.status(id);
      await gateway.waitFor(id, (status) => status.segments_ready >= before + 2);
      await disk?.become(health);
      await gateway.waitFor(id, ({ reason }) => reason?.code === "source_unavailable");
      if (health === "gone") await letHurry(folder.path);
      await disk?.become("well");
      await gateway.waitFor(id, ({ reason }) => reason === null);
    }
    await expectWhole(gateway, dataDir, id, 20 * 24);
    expect((await gateway.status(id)).reason).toBeNull();
  },
);

it.skipIf(!canStumble)("a disk that hangs holds up nothing that is not on it", async () => {
  await clip(join(behind, "film.mp4"), 16);
  await letHurry(folder.path);
  const healthy = await clip(join(folder.path, "films/healthy.mkv"), 3);
  const done = await gateway.trigger(healthy);
  await gateway.waitFor(done.id, ({ state }) => state === "complete");
  await clip(join(folder.path, "films/other.mkv"), 3);
  await holdBack(folder.path);
  const hung = await gateway.trigger(join(mounted, "film.mp4"));
  await gateway.waitFor(hung.id, (status) => status.segments_ready >= 1);
  await letHurry(folder.path);
  await disk?.become("hanging");
  const asked = Array.from({ length: 8 }, (_, n) => triggerFails(join(mounted, `film${n}.mkv`)));
  const listed = fetch(`${gateway.url}/files?path=${encodeURIComponent(mounted)}`);
  const segment = await fetch(`${gateway.url}/hls/${done.id}/segments/000000.ts`);
  expect([segment.status, (await segment.bytes()).length % 188]).toEqual([200, 0]);
  const other = await gateway.trigger(join(folder.path, "films/other.mkv"));
  // It hangs until it is told to be well, whether those who ask for it are answered meanwhile or not.
  await gateway.waitFor(other.id, ({ state }) => state === "complete");
  for (const answer of await Promise.all(asked))
    expect(answer).toEqual([503, `the folder ${mounted} does not answer`]);
  expect((await listed).status).toBe(503);
  await disk?.become("well");
  await expectWhole(gateway, dataDir, hung.id, 16 * 24);
});

it("a film that is swapped is not read any more, nor served", async () => {
  const film = await clip(join(folder.path, "films/film.mkv"), 30);
  const secret = await clip(join(folder.path, "secret.mkv"), 30);
  const { id } = await gateway.trigger(film);
  await gateway.waitFor(id, (status) => status.segments_ready >= 2);
  await rm(film);
  await symlink(secret, film);
  for (const path of ["original/000000.ts", "thumbs/0000.jpg", "audio/1-surround/000000.ts"])
    expect([path, (await fetch(`${gateway.url}/hls/${id}/${path}`)).status]).not.toEqual([
      path,
      200,
    ]);
  expect((await fetch(`${gateway.url}/frame/${id}?n=5&model=original`)).status).not.toBe(200);
  const failed = await gateway.waitFor(id, ({ state }) => state === "failed");
  expect(failed.reason?.code).toBe("source_changed");
  const made = await fetch(`${gateway.url}/hls/${id}/segments/000000.ts`);
  expect(made.status).toBe(200);
  await rename(secret, join(folder.path, "films/film2.mkv"));
  await copyFile(join(folder.path, "films/film2.mkv"), join(folder.path, "again.mkv"));
  await rm(film);
  await writeFile(film, "no film");
  expect((await gateway.trigger(film)).id).not.toBe(id);
});
