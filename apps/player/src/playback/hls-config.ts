import type { HlsConfig } from "hls.js";

/** Memory of a long film stays bounded. */
const BACK_SECONDS = 30;
const AHEAD_SECONDS = 30;
/** The gateway holds a request while the segment is made, and sends something every second. */
const LONGEST_HOLD_MS = 600_000;
const LOAD_POLICY = {
  maxTimeToFirstByteMs: 20_000,
  maxLoadTimeMs: LONGEST_HOLD_MS,
  timeoutRetry: { maxNumRetry: 4, retryDelayMs: 0, maxRetryDelayMs: 0 },
  errorRetry: { maxNumRetry: 6, retryDelayMs: 500, maxRetryDelayMs: 4_000 },
};

export const HLS_CONFIG: Partial<HlsConfig> = {
  // Where to start is not known before: there may have been another seek.
  autoStartLoad: false,
  backBufferLength: BACK_SECONDS,
  maxBufferLength: AHEAD_SECONDS,
  maxMaxBufferLength: AHEAD_SECONDS,
  fragLoadPolicy: { default: LOAD_POLICY },
  // A stand is told by the page; hls.js's nudges would lose the frame.
  nudgeMaxRetry: 6,
  // Films have no interstitials, and with them on, hls.js plays from 0 when told to start after the playlist's end.
  enableInterstitialPlayback: false,
};
