import { join } from "node:path";
import type { JobKind } from "@upreel/core";
import { makeRecordingLog, makeTempFolder, startValkey } from "@upreel/testkit";
import { expect, it } from "vitest";
import { z } from "zod";
import { parseSettings } from "./config/parse-settings.ts";
import { openGatewayJobs } from "./open-gateway-jobs.ts";

const NEVER = new AbortController().signal;
const WORDS: JobKind<string, unknown, string> = {
  ...{ name: "words", data: z.string(), progress: z.unknown(), result: z.string() },
  ...{ atATime: 1, tries: 1, backOffMs: 1, isWorthAgain: () => false },
};

it("jobs on the server of FARM_URL are those of one data folder, whichever gateway added them", async () => {
  await using folder = await makeTempFolder();
  await using server = await startValkey();
  const log = makeRecordingLog();
  const open = (name: string) => {
    const settings = { FARM_URL: server.url, DATA_DIR: join(folder.path, name) };
    return openGatewayJobs(parseSettings(settings, {}, folder.path), log);
  };
  await using one = await open("ours");
  await using other = await open("ours");
  await using stranger = await open("theirs");
  stranger.open(WORDS).work(async () => "stolen");
  const queue = one.open(WORDS);
  await queue.add("a", "word");
  other.open(WORDS).work(async ({ data }) => `${data} of the other`);
  expect(await queue.finished("a", NEVER)).toBe("word of the other");
  expect(await other.backlog()).toEqual({ words: { waiting: 0, running: 0 } });
  expect(log.complaints).toEqual([]);
});

it.each(["http://host", "valkey:6379", "redis://"])("FARM_URL=%s is refused", (FARM_URL) => {
  expect(() => parseSettings({ FARM_URL }, {}, "/")).toThrow(/FARM_URL: expected redis/);
});

it("the password in FARM_URL is never shown", () => {
  expect(() => parseSettings({ FARM_URL: "http://me:secret@host" }, {}, "/")).not.toThrow(
    /secret@/,
  );
});
