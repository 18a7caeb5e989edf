import { execFile } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { decodeArguments } from "@upreel/media";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { makeFarmOrder } from "../packages/workers/src/farm/testing/make-farm-order.ts";
import { pacedFfmpeg } from "../tests/support/paced-ffmpeg.ts";

/** Tests that come to kill or pause something would else find films that are done. */
it("the decoder of pictures is paced, and nothing else is", async () => {
  await using folder = await makeTempFolder();
  const fake = join(folder.path, "ffmpeg");
  await writeFile(fake, '#!/bin/sh\necho "$*"\n');
  await chmod(fake, 0o755);
  const paced = await pacedFfmpeg(folder.path, 3);
  const env = { PATH: [folder.path, process.env["PATH"]].join(delimiter) };
  const given = async (args: readonly string[]): Promise<string> =>
    (await promisify(execFile)(paced, args, { env })).stdout.trim();
  const { source, timeline, output } = makeFarmOrder();
  const decoder = decodeArguments({
    ...{ source, timeline, output, firstFrame: 96, frames: 48, pixelFormat: "yuv420p" },
    target: "/tmp/pictures",
  });
  expect(await given(decoder)).toBe(["-readrate 3", ...decoder].join(" "));
  expect(await given(["-version"])).toBe("-version");
});
