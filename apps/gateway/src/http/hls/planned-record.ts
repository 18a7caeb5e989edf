import { asPlanned, toUpreelError, type PlannedRecord } from "@upreel/core";
import type { Response } from "express";
import type { GatewayDeps } from "../deps.ts";
import { waitInStream } from "../../waiting/in-stream.ts";
import { waiting } from "./playlist-wait.ts";

/** Nothing is upscaled of such a film; it can be watched as it is. */
const AS_IT_IS: ReadonlySet<string> = new Set(["source_too_large", "source_hdr"]);

/** What a stream is made from; waits until that is known. Throws as `waitInStream` does. */
export async function plannedRecord(
  deps: GatewayDeps,
  id: string,
  response: Response,
): Promise<PlannedRecord> {
  try {
    return await waitInStream(
      deps,
      { id },
      async () => asPlanned(await deps.records.read(id)),
      waiting(deps, response),
    );
  } catch (thrown) {
    const record = await deps.records.read(id);
    const { code } = toUpreelError(thrown);
    if (record === undefined || !AS_IT_IS.has(code)) throw thrown;
    return deps.renditions.planOriginal(record);
  }
}
