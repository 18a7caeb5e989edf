import { join } from "node:path";
import type { Response } from "express";
import type { GatewayDeps } from "./deps.ts";
import { waitInStream, waiting } from "./playlist-wait.ts";
import { readPlannedRecord, type PlannedRecord } from "./stored-record.ts";

/** What a stream is made from; waits until that is known. Throws as `waitInStream` does. */
export const plannedRecord = (
  deps: GatewayDeps,
  id: string,
  response: Response,
): Promise<PlannedRecord> =>
  waitInStream(
    deps.streams,
    id,
    () => readPlannedRecord(join(deps.config.dataDir, "streams", id, "stream.json")),
    waiting(deps, response),
  );
