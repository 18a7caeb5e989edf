import type { Request } from "express";
import { expect, it } from "vitest";
import type { Entry } from "../../viewing/playback.ts";
import { createFirstPieces } from "./first-pieces.ts";

/** Who plays which streams, none of whom has got a piece yet. */
function piecesFor(...streamIds: (string | undefined)[]) {
  const entries = streamIds.map((streamId) => ({
    playback: { streamId, shows: streamId === undefined ? "original" : "upscaled", begunAtMs: 1 },
  }));
  const first = createFirstPieces({ open: () => entries as Entry[] }, { nowMs: () => 2 }, 1);
  const sent = (path: string): void => {
    const response = { statusCode: 200, once: (_: string, finish: () => void) => finish() };
    void first.note({ path, method: "GET" } as Request, response as never, () => undefined);
  };
  return { ...first, sent };
}

it("a first piece of pictures is one of any quality, and none of the sound", () => {
  const pieces = piecesFor("film");
  const [upscaled, lower, sound] = ["segments", "lower/480p", "audio/aac-2"].map(
    (folder) => `/film/${folder}/000007.ts`,
  );
  const awaited = () => [upscaled, lower, sound].map((path) => pieces.areAwaited(path ?? ""));
  expect(awaited()).toEqual([true, true, true]);
  pieces.sent(lower ?? "");
  expect(awaited()).toEqual([false, false, true]);
});

it("what is no piece of a stream is not one that is waited for, whoever plays a film as it is", () => {
  const pieces = piecesFor(undefined);
  expect(pieces.areAwaited("/film/archive.ts")).toBe(false);
  expect(pieces.areAwaited("/film/segments/000007.ts")).toBe(false);
});
