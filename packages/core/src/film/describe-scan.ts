import type { VideoTrack } from "./source.ts";
import { told, type Told } from "../told/told.ts";

/** What is done with the fields of a film, for people; null: it is progressive, as its file says. */
export function describeScan({ scan, isInterlaced }: VideoTrack): Told | null {
  switch (scan?.kind) {
    case "telecine":
      return told("scan_telecine");
    case "interlaced":
      return told("scan_interlaced");
    case "mixed":
      return told("scan_mixed");
    case "progressive":
      return isInterlaced ? told("scan_progressive") : null;
    case undefined:
      return isInterlaced ? told("scan_flagged") : null;
  }
}
