import type { FileRequests } from "./file-calls.ts";

/** Calls of the process at once, and of them those to one folder: a dead one cannot take them all. */
export const THREADS = 16;
export const MOST_OF_FOLDER = 3;
/** Looks at files of one folder in one message. */
const MOST_LOOKS = 32;

type Request = FileRequests[number];

/** A call that waits for a thread. */
export interface WaitingCall {
  readonly folder: string;
  readonly request: Request;
}

/**
 * What the process is told next, one batch a folder, the calls in their order. `sentTo`: how many it has
 * of each folder. Looks are quick, and those that come while others are made are told together: a
 * message for each is what three hundred triggers at once would wait for.
 */
export function nextBatches(
  waiting: Iterable<WaitingCall>,
  sentTo: ReadonlyMap<string, number>,
): ReadonlyMap<string, FileRequests> {
  let free = THREADS;
  for (const sent of sentTo.values()) free -= Math.min(sent, MOST_OF_FOLDER);
  const batches = new Map<string, Request[]>();
  for (const { folder, request } of waiting) {
    const batch = batches.get(folder) ?? [];
    const isLook = ({ call }: Request): boolean => call.name === "look";
    const sent = sentTo.get(folder) ?? 0;
    // A batch of looks has nothing but looks.
    const areLooks = sent === 0 && isLook(request) && batch.every(isLook);
    const most = areLooks ? MOST_LOOKS : MOST_OF_FOLDER - sent;
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
