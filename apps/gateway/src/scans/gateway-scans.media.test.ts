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
} from "@upreel/testkit";
import { expect, it } from "vitest";
import { createLocalJobs } from "../../../../packages/jobs/src/index.ts";
import { writePlugin } from "../../../../packages/scan/src/testing/write-plugin.ts";
import { createFakeStreams } from "../../../../packages/streams/src/testing/fake-streams.ts";
import { parseSettings } from "../config/parse-settings.ts";
import { openGatewayScans } from "./gateway-scans.ts";

const FINDER = `
methods["mediaScan.scanSingle"] = (id, { file }) =>
  answer(id, { chapters: [{ fileId: file.fileId, role: "intro", startTime: 0, endTime: 1 }] });
begin()`;

it("stores in Jellyfin what plugins find in its films, where its plugin takes it", async () => {
  await using folder = await makeTempFolder();
  const film = join(folder.path, "film.mp4");
  await makeClip(film, { width: 64, height: 36, rate: 24, seconds: 2, audio: false });
  const item = makeFakeItem({ id: "a".repeat(32), path: film });
  await using jellyfin = await startFakeJellyfin({ items: [item] });
  jellyfin.libraries.splice(0, 1, { ...MOVIES, locations: [folder.path] });
  jellyfin.behaviour.segmentsPlugin = "1.2.3";
  const dataDir = join(folder.path, "data");
  await writePlugin(join(dataDir, "plugins"), "finder", FINDER);
  const settings = {
    ...{ DATA_DIR: dataDir, MEDIA_ROOTS: folder.path },
    ...{ JELLYFIN_URL: jellyfin.url, JELLYFIN_API_KEY: jellyfin.apiKey },
  };
  const log = makeRecordingLog();
  await using jobs = createLocalJobs();
  await using scans = openGatewayScans(parseSettings(settings, {}, folder.path), {
    ...{ files: directFiles(), roots: [folder.path], jobs, log },
    streams: createFakeStreams(dataDir),
    records: { subscribe: () => () => undefined },
    events: createEventBus(log, () => Date.now()),
  });
  scans.want(film, { isAsked: true });
  await eventually("Jellyfin has it", () => item.segments.length > 0);
  expect(item.segments).toMatchObject([{ Type: "Intro", StartTicks: 0, EndTicks: 10_000_000 }]);
});
