import { tell, told, UpreelError, type PlannedRecord } from "@upreel/core";
import type { Response } from "express";
import type { GatewayDeps } from "../deps.ts";
import { plannedRecord } from "./planned-record.ts";

/**
 * The same as `plannedRecord`, for what is made of the whole source at once. Throws `source_growing` for a
 * film that is being written.
 */
export async function settledRecord(
  deps: GatewayDeps,
  id: string,
  response: Response,
): Promise<PlannedRecord> {
  const record = await plannedRecord(deps, id, response);
  if (record.timeline.growth !== "going") return record;
  throw new UpreelError("source_growing", tell(told("track_growing")), {
    expected: "a complete film",
    got: "one that is still being written",
  });
}
