import type { StreamState } from "@upreel/core";

/** What is known of a stream when room is needed. */
export interface StoredStream {
  readonly id: string;
  readonly state: StreamState;
  readonly isPinned: boolean;
  readonly viewers: number;
  /** When somebody last asked for it: a segment, or the upscale itself. */
  readonly wantedAtMs: number;
  /** Of its finished film; 0 without one. */
  readonly archiveBytes: number;
}

export interface EvictionRules {
  readonly nowMs: number;
  /** What was wanted since is within reach of somebody: a player that is paused, a viewer at supper. */
  readonly retentionMs: number;
}

/** The stream whose unfinished work is to go next: the one that nobody has wanted for the longest time. */
export function nextUnfinished(
  streams: readonly StoredStream[],
  rules: EvictionRules,
): StoredStream | undefined {
  return oldest(streams.filter((each) => each.state !== "complete" && isFree(each, rules)));
}

/** The finished film to go next while all of them together take more than `quotaBytes`. */
export function nextOverQuota(
  streams: readonly StoredStream[],
  rules: EvictionRules,
  quotaBytes: number,
): StoredStream | undefined {
  const used = streams.reduce((sum, { archiveBytes }) => sum + archiveBytes, 0);
  if (used <= quotaBytes) return undefined;
  return oldest(
    streams.filter(
      (each) => each.state === "complete" && each.archiveBytes > 0 && isFree(each, rules),
    ),
  );
}

const isFree = (stream: StoredStream, { nowMs, retentionMs }: EvictionRules): boolean =>
  !stream.isPinned && stream.viewers === 0 && nowMs - stream.wantedAtMs >= retentionMs;

const oldest = (streams: readonly StoredStream[]): StoredStream | undefined =>
  streams.toSorted((a, b) => a.wantedAtMs - b.wantedAtMs)[0];
