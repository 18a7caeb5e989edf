import { createHash } from "node:crypto";
import { parseItemId } from "../item-id.ts";
import {
  isSameSegment,
  segmentOf,
  type KnownSegment,
  type MediaSegments,
  type OwnSegment,
} from "./merge-segments.ts";

/** Calls that make Jellyfin's stored segments of an item what Upreel knows. */
interface SegmentChanges {
  /** Ids of ours; before the others are added, which may have the same ids. */
  readonly remove: readonly string[];
  readonly add: readonly OwnSegment[];
}

/** Nobody has more intros in a film; what is beyond is not stored, since it would not be known again. */
const MOST_OF_A_ROLE = 4;

/**
 * What has to change in Jellyfin. Our segments are recognised by their ids, which are made of item, role and number; Upreel keeps no list of them.
 * Segments of Jellyfin and of other programs stay, and what they have is not stored a second time.
 */
export function segmentChanges(
  { Items }: MediaSegments,
  itemId: string,
  known: readonly KnownSegment[],
): SegmentChanges {
  const own = new Set(
    (["intro", "credits"] as const).flatMap((role) =>
      Array.from({ length: MOST_OF_A_ROLE }, (_, n) => storedId(itemId, role, n)),
    ),
  );
  const stored = Items.map((segment) => ({ ...segment, id: parseItemId(String(segment["Id"])) }));
  const others = stored.filter(({ id }) => id === undefined || !own.has(id));
  const wanted = new Map<string, OwnSegment>();
  for (const segment of known) {
    const ours = segmentOf(itemId, segment);
    if (others.some((each) => isSameSegment(each, ours))) continue;
    const n = [...wanted.values()].filter(({ Type }) => Type === ours.Type).length;
    if (n < MOST_OF_A_ROLE)
      wanted.set(storedId(itemId, segment.role, n), {
        ...ours,
        Id: storedId(itemId, segment.role, n),
      });
  }
  const right = new Set<string>();
  const remove: string[] = [];
  for (const { id, StartTicks, EndTicks } of stored) {
    if (id === undefined || !own.has(id)) continue;
    const ours = wanted.get(id);
    if (ours?.StartTicks === StartTicks && ours.EndTicks === EndTicks) right.add(id);
    else remove.push(id);
  }
  return { remove, add: [...wanted.values()].filter(({ Id }) => !right.has(Id)) };
}

const storedId = (itemId: string, role: KnownSegment["role"], n: number): string =>
  createHash("sha256").update(`upreel stored ${itemId} ${role} ${n}`).digest("hex").slice(0, 32);
