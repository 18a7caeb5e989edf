import type { VideoTrack } from "./source.ts";

const ORDERS = { tff: "top field first", bff: "bottom field first" } as const;

/** What is done with the fields of a film, for people; null: it is progressive, as its file says. */
export function describeScan({ scan, isInterlaced }: VideoTrack): string | null {
  const order = scan?.order === undefined ? "" : ` (${ORDERS[scan.order]})`;
  const how = isInterlaced ? "" : ", found by looking";
  switch (scan?.kind) {
    case "telecine":
      return `hard telecine${order}, found by looking: undone, four pictures for five`;
    case "interlaced":
      return `interlaced${order}${how}: deinterlaced`;
    case "mixed":
      return `interlaced in parts${order}${how}: deinterlaced there`;
    case "progressive":
      return isInterlaced ? "progressive, found by looking, though flagged as interlaced" : null;
    case undefined:
      return isInterlaced ? "interlaced: deinterlaced where the pictures say so" : null;
  }
}
