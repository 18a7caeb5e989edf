import type { StreamFolder } from "@upreel/core";
import type { Request } from "express";
import { NULL_PACKET, nullPackets, type KeepAliveTiming } from "../../waiting/keep-alive.ts";
import type { HoldTiming } from "../deps.ts";

/** In addresses of the upscaled film, for a player that has lower qualities to go down to. */
const LADDER = "ladder=on";

const namesLadder = ({ query }: Pick<Request, "query">): boolean => query["ladder"] === "on";

/** The query of a playlist that says so; one that says otherwise stays. */
export const ladderQuery = (query: string): string =>
  /[?&]ladder=/.test(query) ? query : `${query === "" ? "?" : `${query}&`}${LADDER}`;

/** The pieces of `stream.m3u8`; if it was asked for with that query, so are its segments. */
export function* namingLadder(request: Request, pieces: Iterable<string>): Generator<string, void> {
  for (const piece of pieces)
    yield namesLadder(request) ? piece.replaceAll(/^segments\/\d+\.ts$/gm, `$&?${LADDER}`) : piece;
}

/** Of a segment: what the answer begins with. */
const SHARE_AT_FIRST = 1 / 8;
/** Segments that are looked at for how long they are. */
const MOST_LOOKS = 8;

/**
 * How a segment is held. A page that may go down to a lower quality soon gets an eighth of a segment in null packets: hls.js (1.7,
 * `_abandonRulesCheck`) then finds that the rest would take t seven times over, t seconds later, and goes down if it has less than that in
 * hand. Of one packet a second it finds that a lower quality would take minutes, too, and stands still until the segment is there.
 */
export async function holdFor(
  request: Request,
  { ladderSilentMs, ...hold }: Pick<HoldTiming, keyof KeepAliveTiming | "ladderSilentMs">,
  folder: Pick<StreamFolder, "ready" | "lengthOf">,
): Promise<KeepAliveTiming> {
  const isPage = request.get("user-agent")?.startsWith("Mozilla/") === true;
  if (!isPage || !namesLadder(request)) return hold;
  const looked = await Promise.allSettled(
    [...folder.ready].slice(-MOST_LOOKS).map((k) => folder.lengthOf(k)),
  );
  const lengths = looked.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const bytes = lengths.reduce((sum, each) => sum + each, 0) / Math.max(1, lengths.length);
  const packets = Math.max(1, Math.round((bytes * SHARE_AT_FIRST) / NULL_PACKET.length));
  return { ...hold, silentMs: ladderSilentMs, filler: nullPackets(packets) };
}
