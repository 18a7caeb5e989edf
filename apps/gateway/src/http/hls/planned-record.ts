import { asPlanned, toUpreelError, type PlannedRecord } from "@upreel/core";
import type { Response } from "express";
import type { GatewayDeps } from "../deps.ts";
import { waitInStream } from "../../waiting/in-stream.ts";
import { waiting } from "./playlist-wait.ts";

/** Nothing is upscaled of such a film; it can be watched as it is. */
const AS_IT_IS: ReadonlySet<string> = new Set(["source_too_large", "source_hdr"]);

/** What a stream is made from; waits until that is known. Throws as `waitInStream` does. */
export const plannedRecord = (
  deps: GatewayDeps,
  id: string,
  response: Response,
): Promise<PlannedRecord> => plannedWithin(deps, id, waiting(deps, response));

/** The same, as long as nobody's answer ends the wait. */
export async function plannedWithin(
  deps: GatewayDeps,
  id: string,
  bounds: { readonly signal: AbortSignal; readonly ms: number },
): Promise<PlannedRecord> {
  try {
    const planned = async () => asPlanned(await deps.records.read(id));
    return await waitInStream(deps, { id }, planned, bounds);
  } catch (thrown) {
    const record = await deps.records.read(id);
    const { code } = toUpreelError(thrown);
    if (record === undefined || !AS_IT_IS.has(code)) throw thrown;
    return deps.renditions.planOriginal(record);
  }
}
