import { asPlanned, type PlannedRecord } from "@upreel/core";
import type { Response } from "express";
import type { GatewayDeps } from "../deps.ts";
import { waitInStream } from "../../waiting/in-stream.ts";
import { waiting } from "./playlist-wait.ts";

/** What a stream is made from; waits until that is known. Throws as `waitInStream` does. */
export const plannedRecord = (
  deps: GatewayDeps,
  id: string,
  response: Response,
): Promise<PlannedRecord> =>
  waitInStream(
    deps,
    { id },
    async () => asPlanned(await deps.records.read(id)),
    waiting(deps, response),
  );
