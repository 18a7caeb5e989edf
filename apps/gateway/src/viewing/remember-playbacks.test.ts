import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventually, makeManualClock, makeRecordingLog, makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createPlaybacks } from "./playbacks.ts";
import { rememberPlaybacks } from "./remember-playbacks.ts";

it("a gateway that takes over knows who plays what, and what was chosen", async () => {
  await using folder = await makeTempFolder();
  const file = join(folder.path, "data", "playbacks.json");
  const clock = makeManualClock();
  const first = createPlaybacks(clock);
  await using _ = await rememberPlaybacks(first, file, makeRecordingLog());
  first.begin({
    ...{ playSessionId: "p1", itemId: "i", viewer: "tv", client: "TV", sourceId: "i" },
    ...{ film: { path: "/a.mkv", title: "A" }, streamId: "abc", shows: "upscaled" },
    ...{ whenReady: "nothing", reason: undefined, flags: { EnableDirectPlay: true } },
    ...{ audioIndex: 1, subtitleIndex: -1 },
  });
  first.report("p1", { seconds: 7, isPaused: false });
  first.choose("tv", "i", { shows: "upscaled" });
  await eventually("the file", () => readFile(file, "utf8"));

  // Killed: nothing was closed.
  const second = createPlaybacks(clock);
  await using __ = await rememberPlaybacks(second, file, makeRecordingLog());
  expect(second.find("p1")).toMatchObject({
    playback: { streamId: "abc", flags: { EnableDirectPlay: true } },
    report: { seconds: 7 },
  });
  expect(second.choiceOf("tv", "i")).toEqual({ shows: "upscaled" });
});

it.each(['{"entries": [7', '{"entries":[],"choices":[],"qualities":[["tv","4k"]]}'])(
  "starts anew where the file says nothing of use: %s",
  async (text) => {
    await using folder = await makeTempFolder();
    const file = join(folder.path, "playbacks.json");
    await writeFile(file, text);
    const playbacks = createPlaybacks(makeManualClock());
    await using _ = await rememberPlaybacks(playbacks, file, makeRecordingLog());
    expect(playbacks.open()).toEqual([]);
    expect(playbacks.qualityOf("tv")).toBeUndefined();
  },
);
