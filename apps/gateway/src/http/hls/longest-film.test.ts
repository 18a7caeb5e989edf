import { MOST_SEGMENTS } from "@upreel/core";
import { makeRecord, makeTimeline } from "@upreel/testkit";
import { SEGMENTS_A_PIECE } from "@upreel/watcher";
import { expect, it } from "vitest";
import { startTestApp } from "../../testing/start-app.ts";

/** Counts the turns of the event loop while `work` goes on: what had the thread in one piece had one. */
async function turnsDuring(work: () => Promise<void>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isOver = true;
  return turns;
}

it("writes the playlist of the longest film in turns with all other work", async () => {
  await using app = await startTestApp();
  const timeline = { ...makeTimeline(MOST_SEGMENTS * 12), framesPerSegment: 12 };
  const record = makeRecord({ timeline });
  app.streams.put({ id: record.id, state: "running" });
  await app.streams.records.save(record);
  for (const query of ["", "?absolute"]) {
    const turns = await turnsDuring(async () => {
      const answer = await fetch(`${app.url}/hls/${record.id}/stream.m3u8${query}`);
      const text = await answer.text();
      expect(text.match(/#EXTINF/g)).toHaveLength(MOST_SEGMENTS);
      expect(text.endsWith("#EXT-X-ENDLIST\n")).toBe(true);
    });
    expect(turns).toBeGreaterThan(MOST_SEGMENTS / SEGMENTS_A_PIECE);
  }
});
