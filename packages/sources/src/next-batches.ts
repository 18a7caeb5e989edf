import type { FileRequests } from "./file-calls.ts";
import { MOST_OF_FOLDER, NOTHING_SENT, areLooks, type Sent } from "./sent-calls.ts";

/** Calls of the process at once. */
export const THREADS = 16;
/** Looks at files of one folder in one message. */
const MOST_LOOKS = 32;

type Request = FileRequests[number];

/** A call that waits for a thread. */
export interface WaitingCall {
  readonly folder: string;
  readonly request: Request;
}

/**
 * What the process is told next, one batch a folder, the calls in their order. Looks are quick, and those
 * that come while others are made wait for these, to be told together: a message for each is what three
 * hundred triggers at once would wait for.
 */
export function nextBatches(
  waiting: Iterable<WaitingCall>,
  sentTo: ReadonlyMap<string, Sent>,
): ReadonlyMap<string, FileRequests> {
  let free = THREADS;
  for (const { calls } of sentTo.values()) free -= Math.min(calls, MOST_OF_FOLDER);
  const batches = new Map<string, Request[]>();
  for (const { folder, request } of waiting) {
    const batch = batches.get(folder) ?? [];
    const isLook = ({ call }: Request): boolean => call.name === "look";
    const sent = sentTo.get(folder) ?? NOTHING_SENT;
    if (isLook(request) && areLooks(sent)) continue;
    // A batch of looks has nothing but looks.
    const isTogether = sent.calls === 0 && isLook(request) && batch.every(isLook);
    const most = isTogether ? MOST_LOOKS : MOST_OF_FOLDER - sent.calls;
    if (batch.length >= most) continue;
    // However many they are, so many of them are made at a time.
    if (batch.length < MOST_OF_FOLDER) {
      if (free <= 0) continue;
      free -= 1;
    }
    batch.push(request);
    batches.set(folder, batch);
  }
  return batches;
}
