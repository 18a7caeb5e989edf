import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PTS_PER_SECOND } from "@upreel/core";
import { runFfmpeg } from "@upreel/testkit";

/** A film of 12 seconds at 25 frames a second, in segments of two. */
const ZERO_SECONDS = 240 / 25;
export const UPREEL_SEGMENTS = 6;

/** A gateway that has one film upscaled, twice as large. */
export interface FakeUpreel extends AsyncDisposable {
  readonly url: string;
  /** Numbers of segments that were asked for. */
  readonly asked: readonly number[];
  /** From now on these segments are answered by `answer`. */
  answerFrom(segment: number, answer: (response: ServerResponse) => void): void;
  readonly left: Promise<void>;
}

/** Makes the film's upscaled segments, in a new folder. */
export async function makeUpreelSegments(film: string, folder: string): Promise<void> {
  await mkdir(folder);
  await runFfmpeg([
    ...["-i", film, "-vf", "scale=320:180", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0"],
    ...["-force_key_frames", "expr:gte(t,n_forced*2)", "-sc_threshold", "0", "-c:a", "aac"],
    ...["-f", "segment", "-segment_time", "2", "-segment_format", "mpegts"],
    ...["-muxdelay", "0", "-muxpreload", "0", "-output_ts_offset", String(ZERO_SECONDS)],
    join(folder, "%06d.ts"),
  ]);
}

/** One that has the `segments` that `makeUpreelSegments` made. */
export async function startFakeUpreel(
  segments: string,
  advice: "upscaled" | "original" = "upscaled",
): Promise<FakeUpreel> {
  const asked: number[] = [];
  const left = Promise.withResolvers<void>();
  let other: { from: number; answer: (response: ServerResponse) => void } | undefined;
  const answers: Record<string, object> = {
    "/upscale-trigger": { status: "streaming", id: "film" },
    "/status/film": { width: 320, height: 180, advice, advice_text: "this machine is too slow" },
    "/tracks/film": {
      ...{
        duration_seconds: 12,
        zero_pts_90k: ZERO_SECONDS * PTS_PER_SECOND,
        file_zero_seconds: 0,
      },
      ...{ frame_rate: "25/1", frames_per_segment: 50, growing: false },
      original: { width: 160, height: 90 },
    },
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://upreel");
    const name = /segments\/(\d+)\.ts$/.exec(pathname)?.[1];
    if (name === undefined) {
      if (pathname.startsWith("/playhead/")) left.resolve();
      response.end(JSON.stringify(answers[pathname] ?? {}));
      return;
    }
    asked.push(Number(name));
    if (other !== undefined && Number(name) >= other.from) return other.answer(response);
    void readFile(join(segments, `${name}.ts`)).then((bytes) => trickle(bytes, response));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answerFrom: (from, answer) => (other = { from, answer }),
    left: left.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/**
 * As from a worker that is not far ahead. An ffmpeg of before version 7 that waits for pictures has made its sound up to
 * the piece before.
 */
async function trickle(bytes: Buffer, response: ServerResponse): Promise<void> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    response.write(bytes.subarray(at, at + PIECE));
    await sleep(1);
  }
  response.end();
}

const PIECE = 4096;
