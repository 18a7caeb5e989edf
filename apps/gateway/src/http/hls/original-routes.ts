import { UpreelError } from "@upreel/core";
import { keyFramePlaylist, masterPlaylist } from "@upreel/watcher";
import { Router, type Response } from "express";
import { offerAudio, durationsMicros, type OriginalIndex } from "@upreel/engine";
import { keepAlive } from "../../waiting/keep-alive.ts";
import { inTime } from "../../waiting/within.ts";
import { parseAudioWish } from "./audio-wish.ts";
import { audioRenditions, codecsOf, queryOf, subtitleRenditions } from "./child-uris.ts";
import type { GatewayDeps } from "../deps.ts";
import { settledRecord } from "./settled-record.ts";
import { waiting } from "./playlist-wait.ts";
import { segmentNumber } from "./segment-name.ts";
import { FOR_EVER, sendFile, sendPlaylist, writeFile } from "../server/send-file.ts";

const HEADER = "header.mp4";
const FRAGMENT = /^(\d{6})\.m4s$/;

/** original.m3u8: the source's own pictures, with the sound of the audio routes. */
export function originalRoutes(deps: GatewayDeps): Router {
  const { original } = deps.renditions;
  const router = Router();

  /** The first one reads through the film; it goes on when nobody waits any more. */
  const soon = <T>(made: Promise<T>, response: Response): Promise<T> =>
    inTime(made, waiting(deps, response), "the film is still being read; ask again");

  router.get("/:id/original.m3u8", async (request, response) => {
    const wish = parseAudioWish(request.query);
    const record = await settledRecord(deps, request.params.id, response);
    const { source, timeline, output } = record;
    original.container(source);
    const audio = offerAudio(source, { kind: "none" }, wish);
    const index = await soon(original.index(record), response);
    const codec = await soon(original.codecName(record), response);
    const query = queryOf(request);
    const playlist = masterPlaylist({
      variant: {
        ...bandwidths(index),
        uri: `original/playlist.m3u8${query}`,
        width: output.inputWidth,
        height: output.inputHeight,
        frameRate: timeline.rate,
        videoRange: VIDEO_RANGES[source.video.hdr?.base ?? "none"],
        codecs: codecsOf(codec, audio),
      },
      audio: audioRenditions(audio, query),
      subtitles: subtitleRenditions(request, await deps.renditions.subtitles.tracksOf(source)),
    });
    await sendPlaylist(request, response, playlist);
  });

  router.get("/:id/original/playlist.m3u8", async (request, response) => {
    const record = await settledRecord(deps, request.params.id, response);
    const isTs = original.container(record.source) === "ts";
    const index = await soon(original.index(record), response);
    const segments = durationsMicros(index).map((duration, k) => ({
      durationMicros: duration,
      uri: `${String(k).padStart(6, "0")}.${isTs ? "ts" : "m4s"}`,
    }));
    await sendPlaylist(request, response, keyFramePlaylist(segments, isTs ? undefined : HEADER));
  });

  router.get(`/:id/original/${HEADER}`, async (request, response) => {
    const record = await settledRecord(deps, request.params.id, response);
    requireContainer(original.container(record.source) === "mp4", HEADER);
    const header = await soon(original.header(record), response);
    response.type("video/mp4").setHeader("Cache-Control", FOR_EVER);
    await sendFile(response, header);
  });

  router.get("/:id/original/:name", async (request, response) => {
    const { id, name } = request.params;
    const digits = FRAGMENT.exec(name)?.[1];
    const k = digits === undefined ? segmentNumber(name) : Number(digits);
    const record = await settledRecord(deps, id, response);
    const isTs = original.container(record.source) === "ts";
    requireContainer(isTs === name.endsWith(".ts"), name);
    const made = original.segment(record, k);
    response.type(isTs ? "video/mp2t" : "video/iso.segment");
    if (isTs) {
      const { signal } = waiting(deps, response);
      const held = await keepAlive(made, response, deps.hold, signal);
      if (held === "over") return;
      if (held === "begun") return await writeFile(response, (await made).path);
    }
    const part = await soon(made, response);
    response.setHeader("Cache-Control", FOR_EVER);
    await sendFile(response, part);
  });
  return router;
}

const VIDEO_RANGES = { pq: "PQ", hlg: "HLG", none: undefined } as const;

function bandwidths(index: OriginalIndex): { bandwidth: number; averageBandwidth: number } {
  const durations = durationsMicros(index);
  const rates = index.bytes.map((bytes, k) => (bytes * 8e6) / (durations[k] ?? 1));
  const bits = index.bytes.reduce((sum, bytes) => sum + bytes * 8, 0);
  const seconds = durations.reduce((sum, micros) => sum + micros, 0) / 1e6;
  return {
    bandwidth: rates.reduce((most, rate) => Math.max(most, rate), 0),
    averageBandwidth: bits / seconds,
  };
}

function requireContainer(isRight: boolean, name: string): void {
  if (isRight) return;
  throw new UpreelError("not_found", `the original of this film has no ${name}`, {
    expected: "a name from its playlist",
    got: name,
  });
}
