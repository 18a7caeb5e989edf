import { streamStatusSchema, told } from "@upreel/core";
import { makeTempFolder } from "@upreel/testkit";
import { expect, test } from "vitest";
import { createFakeStreams } from "../../../../../packages/streams/src/testing/fake-streams.ts";
import { streamBody } from "./stream-body.ts";

test("the body of a stream is what the API promises, with null for what is not known", async () => {
  await using folder = await makeTempFolder();
  const streams = createFakeStreams(folder.path);
  const { framesDone, ...view } = streams.put({
    id: "one",
    saved: undefined,
    readyRanges: [[0, 2]],
  });
  const body = streamBody({ framesDone, ...view });
  expect(streamStatusSchema.strict().parse(body)).toEqual(body);
  expect(body).toMatchObject({ frames_done: framesDone, saved: null, ready_ranges: [[0, 2]] });
});

test("sentences for people are told in English, and by codes for pages in other languages", async () => {
  await using folder = await makeTempFolder();
  const slow = told("advice_slow", { speed: 0.5, seconds: 4 });
  const body = streamBody(
    createFakeStreams(folder.path).put({
      ...{ id: "one", adviceTold: slow, scan: told("scan_mixed") },
      modelReason: [told("rung_not_measured", { model: "Best" }), told("rung_best_live")],
    }),
  );
  expect(body).toMatchObject({
    advice_text: expect.stringContaining("at 0.5× film speed"),
    advice_told: slow,
    model_reason:
      "Quality “Best”: not measured on this computer yet. It is the best one that is fast enough to watch live.",
    model_reason_told: [{ code: "rung_not_measured" }, { code: "rung_best_live" }],
    ...{ scan: "interlaced in parts: deinterlaced there", scan_told: { code: "scan_mixed" } },
  });
});
