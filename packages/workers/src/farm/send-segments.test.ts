import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UpreelError } from "@upreel/core";
import { makeTempFolder } from "@upreel/testkit";
import { expect, it } from "vitest";
import { createSegmentSender, type SendParts } from "./send-segments.ts";

const RUN = { streamId: "s", runId: "r" };

/** What a run writes goes to `putSegment`; both kinds of trouble are noted. */
async function openSender(scratch: string, putSegment: SendParts["gateway"]["putSegment"]) {
  const connection = new AbortController();
  const refused: unknown[] = [];
  const behind: boolean[] = [];
  const folder = await createSegmentSender({
    ...{ scratch, gateway: { putSegment }, connection: () => connection.signal },
    onBacklog: (_, isBehind) => behind.push(isBehind),
    onRefused: (_, thrown) => refused.push(thrown),
  }).open(RUN);
  // As ffmpeg's muxer does, so that nobody sees half a file.
  const write = async (k: number): Promise<void> => {
    const whole = join(folder.path, `${String(k).padStart(6, "0")}.ts`);
    await writeFile(`${whole}.tmp`, `segment ${k}`);
    await rename(`${whole}.tmp`, whole);
  };
  return { folder, connection, refused, behind, write };
}

it("sends segments in order, all of them by its end, and says when the line is behind and when no more", async () => {
  await using scratch = await makeTempFolder();
  const sent: string[] = [];
  const gate = Promise.withResolvers<void>();
  const { folder, behind, write } = await openSender(scratch.path, async (run, k, bytes) => {
    await gate.promise;
    sent.push(`${run}/${k}: ${Buffer.from(bytes).toString()}`);
  });
  for (const k of [3, 4, 5, 6, 7]) await write(k);
  gate.resolve();
  await folder.close();
  expect(sent).toEqual([3, 4, 5, 6, 7].map((k) => `r/${k}: segment ${k}`));
  expect(behind).toEqual([true, false]);
});

it("a segment that is refused ends the run, and is told by its end", async () => {
  await using scratch = await makeTempFolder();
  const no = new UpreelError("segment_not_found", "no such run");
  const { folder, refused, write } = await openSender(scratch.path, () => Promise.reject(no));
  await write(3);
  await expect(folder.close()).rejects.toBe(no);
  expect(refused).toEqual([no]);
});

it("a line that hangs holds nothing up when the connection is over", async () => {
  await using scratch = await makeTempFolder();
  const asked = Promise.withResolvers<void>();
  const { folder, connection, refused, write } = await openSender(
    scratch.path,
    (_run, _k, _bytes, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        asked.resolve();
      }),
  );
  await write(3);
  await asked.promise;
  const closing = folder.close();
  connection.abort();
  await closing;
  expect(refused).toEqual([]);
});
