import { framesPerSegment, type FilmTiming, type Timeline } from "@upreel/core";

/** Cuts the timeline of a probed source into segments of about `segmentSeconds`. */
export function buildTimeline(probed: FilmTiming, segmentSeconds: number): Timeline {
  return {
    zeroMicros: probed.zeroMicros,
    rate: probed.rate,
    frameCount: probed.frameCount,
    framesPerSegment: framesPerSegment(probed.rate, segmentSeconds),
    ...(probed.pieces === undefined ? {} : { pieces: probed.pieces }),
    ...(probed.colours === undefined ? {} : { colours: probed.colours }),
    ...(probed.isProvisional === true ? { isProvisional: true } : {}),
  };
}
