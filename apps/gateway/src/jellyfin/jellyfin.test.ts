import { directFiles } from "@upreel/sources";
import { makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createFakeStreams } from "../../../../packages/streams/src/testing/fake-streams.ts";
import { parseSettings } from "../config/parse-settings.ts";
import { createPlaybacks } from "../viewing/playbacks.ts";
import { createJellyfin } from "./jellyfin.ts";

it("the night waits for who watches through any gateway", async () => {
  await using folder = await makeTempFolder();
  const streams = createFakeStreams(folder.path);
  const elsewhere = { viewers: 0 };
  await using jellyfin = createJellyfin({
    ...{ streams, records: streams.records, files: directFiles(), roots: [] },
    config: parseSettings({}, {}, folder.path),
    plan: () => Promise.reject(new Error("nobody plans here")),
    outputSize: async () => undefined,
    log: makeRecordingLog(),
    playbacks: createPlaybacks({ nowMs: () => 0 }),
    others: async () => [{ viewers: 0 }, elsewhere],
  });
  streams.put({ id: "abc", state: "running", viewers: 0 });
  expect(await jellyfin.isAnyonePlaying()).toBe(false);
  elsewhere.viewers = 1;
  expect(await jellyfin.isAnyonePlaying()).toBe(true);
  elsewhere.viewers = 0;
  streams.put({ id: "abc", viewers: 1 });
  expect(await jellyfin.isAnyonePlaying()).toBe(true);
});
