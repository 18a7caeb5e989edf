import { streamStatusSchema } from "@upreel/core";
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
