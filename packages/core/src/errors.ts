/** Every way Upreel can refuse or fail; part of the HTTP, IPC and CLI contracts. */
export const ERROR_CODES = [
  "bad_request",
  "body_too_large",
  "unauthorized",
  "site_refused",
  "not_found",
  "stream_not_found",
  "stream_elsewhere",
  "leases_away",
  "segment_not_found",
  "source_missing",
  "source_not_a_file",
  "source_outside_roots",
  "source_unreadable",
  "source_unavailable",
  "source_growing",
  "source_changed",
  "source_no_video",
  "source_too_large",
  "source_too_long",
  "source_hdr",
  "source_truncated",
  "codec_unsupported",
  "source_damaged",
  "source_uneven",
  "sound_missing",
  "audio_unknown",
  "model_unknown",
  "model_not_found",
  "model_unusable",
  "models_full",
  "picture_unusable",
  "download_failed",
  "encoder_unavailable",
  "encoder_failed",
  "decoder_failed",
  "inference_failed",
  "out_of_memory",
  "worker_lost",
  "disk_full",
  "disk_read_only",
  "archive_invalid",
  "archive_gone",
  "film_incomplete",
  "jellyfin_not_set_up",
  "jellyfin_unreachable",
  "jellyfin_refused",
  "jellyfin_failed",
  "jellyfin_item_unknown",
  "export_failed",
  "plugin_unusable",
  "plugin_failed",
  "invalid_config",
  "ffmpeg_missing",
  "cancelled",
  "queue_full",
  "cannot_hold",
  "timeout",
  "internal",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ErrorDetails {
  readonly expected?: string | undefined;
  readonly got?: string | undefined;
  readonly cause?: unknown;
}

/** The one error class: `message` says what failed and on what; `expected` and `got` carry units. */
export class UpreelError extends Error {
  override readonly name = "UpreelError";
  readonly code: ErrorCode;
  readonly expected: string | undefined;
  readonly got: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.expected = details.expected;
    this.got = details.got;
  }
}

/** What a disk says of itself; whoever writes may meet it. */
const DISK_TROUBLE: Readonly<Record<string, readonly [ErrorCode, string, string]>> = {
  ENOSPC: ["disk_full", "the disk is full", "free space on the disk of DATA_DIR"],
  EDQUOT: ["disk_full", "the disk quota is used up", "free space on the disk of DATA_DIR"],
  EROFS: ["disk_read_only", "the disk is read-only", "a disk that can be written to"],
};

/**
 * Turns anything thrown into an UpreelError: a full or read-only disk into its code, the end of an
 * `AbortSignal.timeout` into `timeout`, an unknown thing into `internal`, with its cause kept.
 */
export function toUpreelError(thrown: unknown): UpreelError {
  if (thrown instanceof UpreelError) return thrown;
  const errno = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  const trouble = DISK_TROUBLE[errno];
  if (trouble !== undefined) {
    const [code, text, expected] = trouble;
    return new UpreelError(code, `${text}: nothing can be saved now`, { expected, cause: thrown });
  }
  if (thrown instanceof DOMException && thrown.name === "TimeoutError")
    return new UpreelError("timeout", "this took too long and was given up; try again", {
      expected: "a computer and disks that answer within the time",
      got: "no answer: they may be busy or asleep",
      cause: thrown,
    });
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new UpreelError("internal", message, { cause: thrown });
}
