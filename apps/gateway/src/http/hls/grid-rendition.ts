import { isActive, segmentCount, type PlannedRecord } from "@upreel/core";
import { segmentPlaylist } from "@upreel/watcher";
import type { Request, Response } from "express";
import { keepAlive } from "../../waiting/keep-alive.ts";
import { tryAgain } from "../../waiting/try-again.ts";
import type { GatewayDeps } from "../deps.ts";
import { sendFile, sendPlaylist, writeFile } from "../server/send-file.ts";
import { plannedRecord } from "./planned-record.ts";
import { waiting } from "./playlist-wait.ts";
import { pastTheEnd } from "./segment-hold.ts";
import { segmentNumber } from "./segment-name.ts";

// A track or a quality beside the upscaled film, on the grid of its segments.

/** Answers with its playlist; `check` throws where the film has no such rendition. */
export async function sendGridPlaylist(
  deps: GatewayDeps,
  request: Request<{ id: string }>,
  response: Response,
  check: (record: PlannedRecord) => void,
): Promise<void> {
  const { id } = request.params;
  // Before its record is read: that of one that has stopped by now is its last.
  const isStopped = !isActive(deps.streams.status(id).state);
  const record = await plannedRecord(deps, id, response);
  check(record);
  await sendPlaylist(request, response, segmentPlaylist(record.timeline, isStopped));
}

/** Which segment of which film is asked for. Throws `not_found` or `segment_not_found`. */
export async function namedSegment(
  deps: GatewayDeps,
  { id, name }: { readonly id: string; readonly name: string },
  response: Response,
): Promise<{ readonly record: PlannedRecord; readonly k: number }> {
  const k = segmentNumber(name);
  const record = await plannedRecord(deps, id, response);
  const pastEnd = pastTheEnd(
    { segmentsTotal: segmentCount(record.timeline), reason: undefined },
    k,
  );
  if (pastEnd !== undefined) throw pastEnd;
  return { record, k };
}

/** Answers with a segment when `make` has made it: held, and tried again, as long as the client is there. */
export async function sendMadeSegment(
  deps: GatewayDeps,
  response: Response,
  {
    id,
    cacheControl,
    make,
  }: {
    readonly id: string;
    readonly cacheControl: string;
    readonly make: (signal: AbortSignal) => Promise<string>;
  },
): Promise<void> {
  response.type("video/mp2t");
  const { signal } = waiting(deps, response);
  const ready = tryAgain(
    () => make(signal),
    { signal, everyMs: deps.hold.silentMs },
    (message) => deps.log.warn(message, { stream: id }),
  );
  const held = await keepAlive(ready, response, deps.hold, signal);
  if (held === "over") return;
  const path = await ready;
  if (held === "begun") return await writeFile(response, path);
  response.setHeader("Cache-Control", cacheControl);
  await sendFile(response, { path });
}
