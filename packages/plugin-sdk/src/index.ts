export { createPlugin, type Capabilities } from "./create-plugin.ts";
export type {
  CachedFingerprint,
  Chapter,
  Fingerprint,
  Host,
  MediaScanHandlers,
  MediaScanResponse,
  ScanFile,
  SkipReason,
  Skipped,
} from "./types.ts";
