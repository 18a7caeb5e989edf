import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StreamFolder } from "@upreel/core";
import { directFiles } from "@upreel/sources";
import { makeRecord, makeTempFolder, makeTimeline } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createFakeStreams } from "../../../../packages/streams/src/testing/fake-streams.ts";
import { parseSettings } from "../config/parse-settings.ts";
import { countJobStreams, makeFilmOf, type JobFilm } from "./film-of-job.ts";
import { readOrder } from "./transcode-order.ts";

it("a film that ends right after it was looked at is whole, not cancelled", async () => {
  await using folder = await makeTempFolder();
  const path = join(folder.path, "film.mkv");
  await writeFile(path, "a film");
  const fake = createFakeStreams(join(folder.path, "data"));
  fake.put({ id: "abc", state: "running", segmentsTotal: 1 });
  await fake.records.save(makeRecord({ id: "abc", timeline: makeTimeline(10) }));
  let isMade = false;
  const segments = {
    has(): boolean {
      if (isMade) return true;
      isMade = true;
      fake.put({ ...fake.status("abc"), state: "complete" });
      return false;
    },
  };
  const nothing = () => () => {};
  const made = { ready: segments, onPublished: nothing, onListed: nothing, noteWanted: nothing };
  const streams = { ...fake, folder: async () => made as unknown as StreamFolder };
  const films: JobFilm[] = [];
  await makeFilmOf(
    readOrder({ job_id: "1", input: { path } }, () => false),
    path,
    {
      ...{ streams, records: fake.records, files: directFiles(), roots: [folder.path] },
      config: parseSettings({ MEDIA_ROOTS: folder.path }, {}, folder.path),
      jobStreams: countJobStreams(),
    },
    (film) => void films.push(film),
    new AbortController().signal,
  );
  expect(films.at(-1)).toMatchObject({ from: 0, next: 1, isWhole: true });
});
