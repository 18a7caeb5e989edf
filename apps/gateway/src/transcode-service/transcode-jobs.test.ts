import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { directFiles } from "@upreel/sources";
import { eventually, makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createFakeStreams } from "../../../../packages/streams/src/testing/fake-streams.ts";
import { parseSettings } from "../config/parse-settings.ts";
import { openBeamedFiles } from "./beamed-files.ts";
import { createTranscodeJobs } from "./transcode-jobs.ts";
import { readOrder } from "./transcode-order.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval"] }));
afterEach(() => void vi.useRealTimers());

/** Jobs whose time passes by hand. */
async function openJobs(folder: string) {
  let nowMs = 0;
  const pass = (seconds: number): void => {
    for (let left = seconds; left > 0; left -= 15) {
      nowMs += 15_000;
      vi.advanceTimersByTime(15_000);
    }
  };
  const streams = createFakeStreams(join(folder, "data"));
  const beamed = await openBeamedFiles(join(folder, "beamed"));
  const jobs = createTranscodeJobs({
    ...{ streams, records: streams.records, files: directFiles(), beamed, roots: [folder] },
    config: parseSettings({ MEDIA_ROOTS: folder }, {}, folder),
    ...{
      log: makeRecordingLog(),
      nowSeconds: () => 1,
      clock: { nowMs: () => nowMs, after: () => () => {} },
    },
  });
  const statusOf = (id: string): string => jobs.answer(jobs.see(id)).status;
  return { pass, beamed, jobs, statusOf };
}

it("a job is ended when its caller asks nothing any more, and forgotten long after its end, with what it sent", async () => {
  await using folder = await makeTempFolder();
  const { pass, beamed, jobs: opened, statusOf } = await openJobs(folder.path);
  await using jobs = opened;
  await beamed.take("1", Readable.from([Buffer.from("a film")]));
  const film = join(folder.path, "film.mkv");
  await writeFile(film, "a film");
  const isMissing = (): boolean => jobs.list().length === 0;
  jobs.submit(readOrder({ job_id: "1", input: { path: film } }, () => false));
  await eventually("it runs", () => statusOf("1") === "running");
  for (let n = 0; n < 10; n += 1) {
    pass(75);
    expect(statusOf("1")).toBe("running");
  }
  const listening = jobs.subscribe(jobs.see("1"), () => {});
  pass(300);
  listening();
  expect(statusOf("1")).toBe("running");
  pass(120);
  expect(jobs.list()).toMatchObject([
    { status: "cancelled", error: "nobody asked for it for 90 s" },
  ]);
  // Its segments can still be fetched.
  pass(570);
  expect(statusOf("1")).toBe("cancelled");
  pass(630);
  expect(isMissing()).toBe(true);
  await eventually("its upload goes", () => !beamed.has("1"));
});

it("what a job sent stays as long as another one is made of it", async () => {
  await using folder = await makeTempFolder();
  const { pass, beamed, jobs: opened, statusOf } = await openJobs(folder.path);
  await using jobs = opened;
  await beamed.take("first", Readable.from([Buffer.from("a film")]));
  jobs.submit(readOrder({ job_id: "first" }, (name) => beamed.has(name)));
  jobs.submit(readOrder({ job_id: "second", staged_input: "first" }, () => false));
  jobs.subscribe(jobs.see("second"), () => {});
  await eventually("it runs", () => statusOf("second") === "running");
  jobs.cancel("first");
  pass(630);
  expect(jobs.list()).toMatchObject([{ job_id: "second" }]);
  await setImmediate();
  expect(beamed.has("first")).toBe(true);
});

it("those that are over make room for new ones, those that go on do not", async () => {
  await using folder = await makeTempFolder();
  const { pass, beamed, jobs: opened, statusOf } = await openJobs(folder.path);
  await using jobs = opened;
  const submit = (id: string): void => jobs.submit(readOrder({ job_id: id }, () => true));
  for (let n = 0; n < 500; n += 1) submit(`${n}`);
  expect(() => submit("more")).toThrow(/too many/);
  for (const id of ["7", "3"]) jobs.cancel(id);
  pass(15);
  jobs.see("3");
  await beamed.take("7", Readable.from([Buffer.from("a film")]));
  submit("more");
  expect(() => statusOf("7")).toThrow(/not found/);
  expect(statusOf("3")).toBe("cancelled");
  await eventually("what it sent goes", () => !beamed.has("7"));
  // But not where the new one is made of it.
  jobs.cancel("0");
  await beamed.take("0", Readable.from([Buffer.from("a film")]));
  jobs.submit(readOrder({ job_id: "again", staged_input: "0" }, (name) => beamed.has(name)));
  expect(() => statusOf("0")).toThrow(/not found/);
  await setImmediate();
  expect(beamed.has("0")).toBe(true);
});
