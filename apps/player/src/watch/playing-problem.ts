import type { ErrorData } from "hls.js";

/** Why a film cannot be played here. */
export type PlayingProblem =
  | { readonly kind: "missing" }
  | { readonly kind: "codec"; readonly codec: string | undefined }
  | { readonly kind: "broken"; readonly detail: string };

const CODEC_ERRORS = new Set<string>([
  "manifestIncompatibleCodecsError",
  "bufferAddCodecError",
  "bufferIncompatibleCodecsError",
]);

/** What a fatal error of hls.js means for the viewer. */
export function problemOf(error: ErrorData): PlayingProblem {
  if (CODEC_ERRORS.has(error.details)) return { kind: "codec", codec: codecOf(error) };
  if (error.response?.code === 404 && error.details === "manifestLoadError")
    return { kind: "missing" };
  return { kind: "broken", detail: error.details };
}

function codecOf(error: ErrorData): string | undefined {
  if (error.mimeType !== undefined) return /codecs="?([^"]*)/.exec(error.mimeType)?.[1];
  return /codec[s]?[^:]*: *"?([\w.,]+)/i.exec(error.error.message)?.[1];
}
