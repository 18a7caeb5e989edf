/** Kinds of reasons why a PlaybackInfo answer goes to the client as Jellyfin gave it. */
export type PassCode =
  | "unknown_request"
  | "unknown_answer"
  | "live_tv"
  | "not_a_video"
  | "not_a_file"
  | "no_length"
  | "hdr"
  | "already_large"
  | "client_without_hls"
  | "client_picture_limit"
  | "client_bitrate"
  | "subtitles_burned_in"
  | "subtitles_are_images"
  | "audio_in_other_file"
  | "audio_not_carried"
  | "switched_off"
  | "only_offered"
  | "original_chosen"
  | "original_first"
  | "upscale_failed_before"
  | "file_not_readable"
  | "cannot_hold"
  | "not_ready_in_time"
  | "stream_failed"
  | "fault";

export interface PassReason {
  readonly code: PassCode;
  /** For people: one sentence, without the path of a file. */
  readonly message: string;
}

export const passReason = (code: PassCode, message: string): PassReason => ({ code, message });
