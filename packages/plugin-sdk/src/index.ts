export { createPlugin, type Capabilities } from "./create-plugin.ts";
export type {
  CachedFingerprint,
  Chapter,
  Fingerprint,
  HookDelta,
  Host,
  MediaScanHandlers,
  MediaScanResponse,
  PluginEvent,
  ScanFile,
  SkipReason,
  Skipped,
} from "./types.ts";
