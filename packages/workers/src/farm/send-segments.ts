import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { segmentFileName, type RunName, type RunResolvers, type SegmentFolder } from "@upreel/core";
import { lookWhenWritten } from "@upreel/media";
import type { GatewayClient } from "./gateway-client.ts";

/** So many segments that could not be sent yet stop their run; it goes on when half of them are away. */
const MOST_WAITING = 4;

export interface SendParts {
  readonly gateway: Pick<GatewayClient, "putSegment">;
  /** Of this process alone: a folder for each run is made in it. */
  readonly scratch: string;
  /** Aborts when the connection is over that runs begin on now: what they made is made by others by then. */
  readonly connection: () => AbortSignal;
  /** The line is slower than the run. */
  readonly onBacklog: (runId: string, isBehind: boolean) => void;
  /** A segment is not taken: the run is in vain. */
  readonly onRefused: (runId: string, thrown: unknown) => void;
}

/** Where runs of this machine write: each segment is sent as soon as it is whole, in order, and deleted. */
export const createSegmentSender = (parts: SendParts): RunResolvers["segments"] => ({
  open: (run) => openFolder(run, parts),
});

const SEGMENT = /^(\d{6})\.ts$/;

async function openFolder(
  { runId }: RunName,
  { gateway, scratch, connection, onBacklog, onRefused }: SendParts,
): Promise<SegmentFolder> {
  const path = join(scratch, runId);
  await mkdir(path);
  const signal = connection();
  let isBehind = false;
  let sending = Promise.resolve();
  let isAsked = false;
  let failure: unknown;

  const waiting = async (): Promise<number[]> =>
    (await readdir(path))
      .flatMap((name) => SEGMENT.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);

  function tellBacklog(count: number): void {
    const isNow = isBehind ? count > MOST_WAITING / 2 : count >= MOST_WAITING;
    if (isNow === isBehind) return;
    isBehind = isNow;
    onBacklog(runId, isNow);
  }

  async function sendAll(): Promise<void> {
    for (;;) {
      const left = await waiting();
      tellBacklog(left.length);
      const [next] = left;
      if (next === undefined) return;
      const file = join(path, segmentFileName(next));
      await gateway.putSegment(runId, next, await readFile(file), signal);
      await rm(file);
    }
  }

  function look(): void {
    if (isAsked || failure !== undefined) return;
    isAsked = true;
    sending = sending.then(async () => {
      isAsked = false;
      if (failure !== undefined) return;
      await sendAll().catch((thrown: unknown) => {
        failure = thrown;
        if (!signal.aborted) onRefused(runId, thrown);
      });
    });
  }

  const watching = lookWhenWritten(path, look);
  return {
    path,
    async close() {
      watching[Symbol.dispose]();
      look();
      await sending;
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      if (failure !== undefined && !signal.aborted) throw failure;
    },
  };
}
