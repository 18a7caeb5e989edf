import { setTimeout as sleep } from "node:timers/promises";
import {
  UpreelError,
  requireSameFile,
  type Clock,
  type FileIdentity,
  type StreamRecord,
} from "@upreel/core";
import type { Plan, Sources } from "../ports.ts";

/** Who wrote to a file within this may do so again; what has not grown for so long is whole. */
export const GROWS_WITHIN_MS = 60_000;
/** Whoever writes a film writes some of it in every two seconds. */
const PAUSE_MS = 2_000;
/** Of what cannot be read, which is more likely to be half a download than a damaged film: these come in bursts. */
const DOWNLOAD_PAUSE_MS = 10_000;
const LOOK_AGAIN_MS = 100;

/** Whether a file was written to so shortly ago that more of it may come. */
export const isFresh = ({ modifiedMs }: FileIdentity, clock: Clock): boolean =>
  Math.abs(clock.nowMs() - modifiedMs) < GROWS_WITHIN_MS;

export const sourceGrowing = (path: string): UpreelError =>
  new UpreelError("source_growing", `${path} is still being written`, {
    expected: "a film that can be read while it grows, or one that is whole",
    got: "a beginning that cannot be read yet; it is tried again when there is more, or when it stops growing",
  });

/** What it takes to see whether a file grows. */
export interface GrowthWatch {
  readonly sources: Sources;
  /** Which the times of files go by. */
  readonly clock: Clock;
  readonly steadyClock: Clock;
}

/**
 * Looks a second time at a file that was written to just now: what it is by then, if it is being written;
 * undefined: it is not, since nothing came for `pauseMs`. Only one that does not say that it is whole is waited for.
 */
export async function watchGrowth(
  file: FileIdentity,
  ending: Plan["ending"],
  { sources, clock, steadyClock }: GrowthWatch,
  signal: AbortSignal,
  pauseMs = PAUSE_MS,
): Promise<FileIdentity | undefined> {
  const sinceMs = steadyClock.nowMs();
  for (;;) {
    const now = await sources.lookAgain(file);
    requireSameFile(file, now);
    const hasGrown = now.sizeBytes > file.sizeBytes;
    if (hasGrown || ending === "unfinished") return { ...now, mayGrow: true };
    // Its time may be that of another machine's clock.
    const quietMs = Math.max(clock.nowMs() - file.modifiedMs, steadyClock.nowMs() - sinceMs);
    if (ending !== "open" || quietMs >= pauseMs) return undefined;
    await sleep(LOOK_AGAIN_MS, undefined, { signal });
  }
}

/** A film that cannot be read, since it is being written: it is tried again, whatever was wrong. */
const MAY_BE_BEGINNING: ReadonlySet<string> = new Set(["source_unreadable", "source_no_video"]);

/** Throws `source_growing` in place of what a film cannot be read for, where it is being written; else that. */
export async function explainUnreadable(
  thrown: unknown,
  { file, reason }: Pick<StreamRecord, "file" | "reason">,
  parts: GrowthWatch,
  signal: AbortSignal,
): Promise<never> {
  if (!(thrown instanceof UpreelError) || !MAY_BE_BEGINNING.has(thrown.code)) throw thrown;
  // Seen to grow before: a pause is not its end.
  const isKnown = reason?.code === "source_growing" && isFresh(file, parts.clock);
  const growth = (): Promise<FileIdentity | undefined> =>
    watchGrowth(file, "open", parts, signal, DOWNLOAD_PAUSE_MS).catch(() => undefined);
  const isGrowing = isKnown || (await growth()) !== undefined;
  signal.throwIfAborted();
  throw isGrowing ? sourceGrowing(file.path) : thrown;
}
