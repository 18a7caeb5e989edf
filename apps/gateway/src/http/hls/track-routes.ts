import {
  describeScan,
  durationSeconds,
  filmParts,
  formatRational,
  framePts90k,
  tell,
  told,
  type Output,
  type PlannedRecord,
  type Source,
  type Timeline,
  type Told,
  type TracksAnswer,
} from "@upreel/core";
import { isAudible, originalContainer } from "@upreel/media";
import { Router } from "express";
import { offerAudio, offerDrawn, offerSubtitles, type FilmSubtitle } from "@upreel/engine";
import { baseUrl } from "../server/urls.ts";
import type { GatewayDeps } from "../deps.ts";
import { plannedRecord } from "./planned-record.ts";

const WHEN_WHOLE = told("track_growing");

/** Why something is not offered, in English and for pages in other languages. */
const reasonOf = (why: Told | undefined): { reason: string | null; reason_told: Told | null } => ({
  reason: why === undefined ? null : tell(why),
  reason_told: why ?? null,
});

/** `GET /tracks/:id`: all tracks of a film, and why one is not offered. */
export function trackRoutes(deps: GatewayDeps): Router {
  const router = Router();
  router.get("/tracks/:id", async (request, response) => {
    const record = await plannedRecord(deps, request.params.id, response);
    const base = `${baseUrl(request, deps.config.publicUrl)}/hls/${record.id}`;
    response.setHeader("Cache-Control", "no-store");
    const subtitles = await deps.renditions.subtitles.tracksOf(record.source);
    response.json(describeTracks(record, subtitles, base));
  });
  return router;
}

function describeTracks(
  record: PlannedRecord,
  subtitles: readonly FilmSubtitle[],
  base: string,
): TracksAnswer {
  const { id, source, timeline, output } = record;
  return {
    id,
    duration_seconds: durationSeconds(timeline),
    zero_pts_90k: framePts90k(timeline, 0),
    file_zero_seconds: fileZeroSeconds(timeline),
    frame_rate: formatRational(timeline.rate),
    frames_per_segment: timeline.framesPerSegment,
    growing: isGrowing(timeline),
    audio: describeAudio(source, output, base),
    subtitles: describeSubtitles(subtitles, timeline, base),
    fonts: (source.fonts ?? []).map(({ index, name }) => ({
      ...{ index, name, url: `${base}/fonts/${index}` },
    })),
    original: describeOriginal(source, timeline, base),
  };
}

const isGrowing = ({ growth }: Timeline): boolean => growth === "going";

function describeAudio(source: Source, { audio }: Output, base: string): TracksAnswer["audio"] {
  const offered = offerAudio(source, audio, { track: undefined, layout: "stereo" });
  return source.audio.map((track) => {
    const offer = offered.find((each) => each.track.index === track.index);
    const folder = `${base}/audio/${track.index}`;
    const isSurround = isAudible(track) && track.channels > 2;
    return {
      index: track.index,
      codec: track.codec,
      channels: track.channels,
      name: offer?.name ?? "",
      language: offer?.language ?? null,
      is_default: offer?.isDefault ?? false,
      is_muxed: offer !== undefined && offer.rendition === undefined,
      stereo_url: offer === undefined ? null : `${folder}-stereo/playlist.m3u8`,
      surround_url: isSurround ? `${folder}-surround/playlist.m3u8` : null,
      ...reasonOf(offer === undefined ? told("track_sound_unknown") : undefined),
    };
  });
}

function describeSubtitles(
  subtitles: readonly FilmSubtitle[],
  timeline: Timeline,
  base: string,
): TracksAnswer["subtitles"] {
  const mustWait = isGrowing(timeline);
  return offerSubtitles(subtitles).map(({ whyNot, index, codec, name, language, ...track }) => {
    const format = mustWait ? undefined : offerDrawn({ codec, ...track }, timeline);
    return {
      ...{ index, codec, name, language: language ?? null },
      is_default: track.isDefault,
      is_forced: track.isForced,
      url: whyNot === undefined && !mustWait ? `${base}/subtitles/${index}.vtt` : null,
      ...reasonOf(whyNot ?? (mustWait ? WHEN_WHOLE : undefined)),
      drawn: format === undefined ? null : { format, url: `${base}/subtitles/${index}.drawn` },
    };
  });
}

function describeOriginal(
  source: Source,
  timeline: Timeline,
  base: string,
): TracksAnswer["original"] {
  const { codec, width, height, hdr } = source.video;
  const scan = describeScan(source.video);
  const whyNot =
    originalContainer(source) === undefined
      ? told("track_no_place", { codec })
      : isGrowing(timeline)
        ? WHEN_WHOLE
        : undefined;
  return {
    ...{ codec, width, height, hdr: hdr?.name ?? null },
    scan: scan === null ? null : tell(scan),
    url: whyNot === undefined ? `${base}/original.m3u8` : null,
    ...reasonOf(whyNot),
  };
}

function fileZeroSeconds(timeline: Timeline): number | null {
  const [part, ...others] = filmParts(timeline);
  const isOnItsClock = part !== undefined && others.length === 0 && part.bytes === undefined;
  return isOnItsClock ? part.startSeconds - part.offsetSeconds : null;
}
