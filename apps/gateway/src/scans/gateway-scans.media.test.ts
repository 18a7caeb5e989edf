import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createEventBus } from "@upreel/core";
import { directFiles } from "@upreel/sources";
import {
  eventually,
  makeClip,
  makeFakeItem,
  makeRecordingLog,
  makeTempFolder,
  MOVIES,
  startFakeJellyfin,
  type FakeItem,
} from "@upreel/testkit";
import { expect, it } from "vitest";
import { createLocalJobs } from "../../../../packages/jobs/src/index.ts";
import { writePlugin } from "../../../../packages/scan/src/testing/write-plugin.ts";
import { createFakeStreams } from "../../../../packages/streams/src/testing/fake-streams.ts";
import { parseSettings } from "../config/parse-settings.ts";
import { openGatewayScans } from "./gateway-scans.ts";

const FINDER = `
const intros = (files) => ({ chapters: files.map(({ fileId }) => ({ fileId, role: "intro", startTime: 0, endTime: 1 })) });
methods["mediaScan.scanSingle"] = (id, { file }) => answer(id, intros([file]));
methods["mediaScan.scanBatch"] = (id, { files }) => answer(id, intros(files));
begin()`;
const CLIP = { width: 64, height: 36, rate: 24, seconds: 2, audio: false } as const;

/** The scans of a gateway whose Jellyfin has these films. */
async function openFor(folder: string, items: readonly FakeItem[]) {
  await using stack = new AsyncDisposableStack();
  const jellyfin = stack.use(await startFakeJellyfin({ items: [...items] }));
  jellyfin.libraries.splice(0, 1, { ...MOVIES, locations: [folder] });
  jellyfin.behaviour.segmentsPlugin = "1.2.3";
  const dataDir = join(folder, "data");
  await writePlugin(join(dataDir, "plugins"), "finder", FINDER);
  const settings = {
    ...{ DATA_DIR: dataDir, MEDIA_ROOTS: folder },
    ...{ JELLYFIN_URL: jellyfin.url, JELLYFIN_API_KEY: jellyfin.apiKey },
  };
  const log = makeRecordingLog();
  const jobs = stack.use(createLocalJobs());
  const scans = stack.use(
    openGatewayScans(parseSettings(settings, {}, folder), {
      ...{ files: directFiles(), roots: [folder], jobs, log },
      streams: createFakeStreams(dataDir),
      records: { subscribe: () => () => undefined },
      events: createEventBus(log, () => Date.now()),
    }),
  );
  const owned = stack.move();
  return { scans, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

it("stores in Jellyfin what plugins find in its films, where its plugin takes it", async () => {
  await using folder = await makeTempFolder();
  const film = join(folder.path, "film.mp4");
  await makeClip(film, CLIP);
  const item = makeFakeItem({ id: "a".repeat(32), path: film });
  await using opened = await openFor(folder.path, [item]);
  opened.scans.want(film, { isAsked: true });
  await eventually("Jellyfin has it", () => item.segments.length > 0);
  expect(item.segments).toMatchObject([{ Type: "Intro", StartTicks: 0, EndTicks: 10_000_000 }]);
});

it("has plugins look at a season as Jellyfin knows it, whose episodes lie apart under any names", async () => {
  await using folder = await makeTempFolder();
  const series = { id: "f".repeat(32), name: "Show" };
  const episodes: FakeItem[] = [];
  for (const [k, name] of ["Pilot", "Two"].entries()) {
    const path = join(folder.path, name, `${name}.mp4`);
    await mkdir(join(folder.path, name));
    await makeClip(path, CLIP);
    const place = { type: "Episode" as const, series, season: 1, episode: k + 1 };
    episodes.push(makeFakeItem({ id: String(k).repeat(32), path, ...place }));
  }
  await using opened = await openFor(folder.path, episodes);
  opened.scans.want(episodes[0]?.path ?? "", { isAsked: true });
  await eventually("both have it", () => episodes.every(({ segments }) => segments.length > 0));
  await expect
    .poll(async () => (await opened.scans.status()).jobs)
    .toMatchObject([{ films: 2, state: "done" }]);
});
