/** A fingerprint that this plugin made before, of the algorithm version that it has now. */
export interface CachedFingerprint {
  readonly type: string;
  readonly algorithmVersion: string;
  readonly fingerprint?: string | null;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
}

/** A film to look at. */
export interface ScanFile {
  /** Of the file as it is: another one after it changed. */
  readonly fileId: string;
  readonly itemId: string;
  /** Absolute, on this machine. */
  readonly path: string;
  /** Seconds. */
  readonly duration: number;
  readonly cachedFingerprints: readonly CachedFingerprint[];
}

/** A fingerprint to keep: opaque text, which comes back as it was given. */
export interface Fingerprint extends CachedFingerprint {
  readonly fileId: string;
}

/** A part of a film. Players offer to skip `intro` and `credits`. */
export interface Chapter {
  readonly fileId: string;
  readonly role: "intro" | "credits" | "chapter" | "scene";
  /** Seconds from the film's beginning. */
  readonly startTime: number;
  readonly endTime: number;
  readonly title?: string | null;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
}

/** Reasons that everybody knows; others are taken, too. */
export type SkipReason =
  | "single_episode"
  | "too_short"
  | "fingerprint_failed"
  | "no_match_found"
  | "no_video_stream";

export interface Skipped {
  readonly fileId: string;
  readonly reason: SkipReason | (string & {});
  readonly message?: string;
}

/** What was found. A bucket that is missing is an empty one. */
export interface MediaScanResponse {
  readonly fingerprints?: readonly Fingerprint[];
  readonly chapters?: readonly Chapter[];
  readonly skipped?: readonly Skipped[];
}

export interface MediaScanHandlers {
  /** Another version makes everything that was found before worthless. */
  algorithmVersion(): string | Promise<string>;
  /** One film. */
  scanSingle(params: { readonly file: ScanFile }, host: Host): Promise<MediaScanResponse>;
  /** The episodes of one season. */
  scanBatch(
    params: { readonly groupKey: string; readonly files: readonly ScanFile[] },
    host: Host,
  ): Promise<MediaScanResponse>;
}

/** Something that happened: `film.finished`, with what is known of it. */
export interface PluginEvent {
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What a hook changes of a payload, by the names of its parts; null: nothing. */
export type HookDelta = Readonly<Record<string, unknown>> | null;

/** What a plugin may ask for. */
export interface Host {
  /** The configuration as it was when the plugin was started. */
  getConfig(): Promise<Readonly<Record<string, unknown>>>;
  /** A folder for files that may be lost; the only place that can be written to. */
  readonly scratch: string;
  log(level: "debug" | "info" | "warn" | "error", message: string): void;
}
