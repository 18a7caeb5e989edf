import type { FilmWish } from "@upreel/core";
import type { PassReason, PlayFlags } from "@upreel/jellyfin";
import { z } from "zod";

/** What one client plays, from its PlaybackInfo on. */
export interface Playback {
  readonly playSessionId: string;
  readonly itemId: string;
  /** Device, else user, else address: what tells one player from another. */
  readonly viewer: string;
  /** `viewer` may be several players: no device was named. */
  readonly isShared?: boolean | undefined;
  readonly client: string | undefined;
  /** Undefined: its request named none. */
  readonly userId?: string | undefined;
  readonly sourceId: string;
  /** Its file as Jellyfin names it, where it may be upscaled. */
  readonly film:
    | { readonly path: string; readonly title: string; readonly wish?: FilmWish | undefined }
    | undefined;
  /** The stream made for it; undefined when nothing is. */
  readonly streamId: string | undefined;
  /** The stream of a film that this machine cannot make fast enough, where it is made ahead of time. */
  readonly madeAheadId?: string | undefined;
  readonly shows: "upscaled" | "original";
  /** What happens when the stream of a playback that shows the original has enough lead. */
  readonly whenReady: "switch" | "tell" | "nothing";
  /** Why the original is shown. */
  readonly reason: PassReason | undefined;
  /** Of its first request; a retry gets them back. */
  readonly flags: PlayFlags;
  readonly audioIndex: number | undefined;
  /** Of the stream's `master.m3u8`. */
  readonly query?: string | undefined;
  readonly subtitleIndex: number;
  readonly begunAtMs: number;
}

/** Where a playback is, as its client reports. */
export interface Report {
  readonly seconds: number;
  readonly isPaused: boolean;
  readonly atMs: number;
}

/** What a viewer is to see of an item from now on, and why not upscaled. */
export type Choice =
  | { readonly shows: "upscaled" }
  | { readonly shows: "original"; readonly reason: PassReason };

export const viewerQualitySchema = z.union([
  z.enum(["best", "lean", "line"]),
  z.int().min(1).max(99_999),
]);
/** In which quality a viewer sees films: the best one, the same at fewer bits, as the line allows, or at most so many lines. */
export type ViewerQuality = z.infer<typeof viewerQualitySchema>;

export interface Entry {
  playback: Playback;
  report: Report | undefined;
  isOver: boolean;
  endedAtMs?: number | undefined;
  /** Jellyfin's own HLS stream of it: path and query, with the client's token. */
  wayBack?: string | undefined;
}
