import type { ErrorAnswer } from "@upreel/core";
import type { ErrorData } from "hls.js";
import { codecTitle, firstUnplayable } from "./codec-names.ts";

/** Why a film cannot be played here; codecs as people call them. */
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
  if (CODEC_ERRORS.has(error.details)) return codecProblem(codecOf(error));
  const refusal = refusalOf(error);
  if (refusal?.code === "codec_unsupported") return codecProblem(refusal.got);
  if (error.response?.code === 404 && error.details === "manifestLoadError")
    return { kind: "missing" };
  return { kind: "broken", detail: refusal?.message ?? error.details };
}

const codecProblem = (name: string | undefined): PlayingProblem => ({
  kind: "codec",
  codec: name === undefined ? undefined : codecTitle(name),
});

/** hls.js names it in a MIME type, or in its text: `… not supported: ["hvc1.1.6.L93.90,mp4a.40.2"]`. */
function codecOf({ mimeType, error }: ErrorData): string | undefined {
  const codecs =
    /codecs="?([^"]*)/.exec(mimeType ?? "")?.[1] ?? /\["([^"]+)"/.exec(error.message)?.[1];
  return codecs === undefined
    ? undefined
    : firstUnplayable(codecs, (type) => MediaSource.isTypeSupported(type));
}

/** What the gateway said no with. */
function refusalOf({ networkDetails }: ErrorData): Partial<ErrorAnswer> | undefined {
  if (!(networkDetails instanceof XMLHttpRequest) || networkDetails.responseType === "arraybuffer")
    return undefined;
  try {
    return JSON.parse(networkDetails.responseText) as Partial<ErrorAnswer>;
  } catch {
    // What lies between may answer in its own words.
    return undefined;
  }
}
