import type { Output } from "../film/profile.ts";
import type { Source } from "../film/source.ts";
import type { StreamRecord } from "./stream.ts";
import type { Timeline } from "../film/timeline.ts";

/** A record of a source that is probed. */
export type ProbedRecord = StreamRecord & { readonly timeline: Timeline };

/** A record of a stream that was planned: probed, and its output settled. */
export type PlannedRecord = ProbedRecord & { readonly source: Source; readonly output: Output };

/** The record itself; undefined until its source is probed. */
export function asProbed(record: StreamRecord | undefined): ProbedRecord | undefined {
  return record?.timeline === undefined ? undefined : { ...record, timeline: record.timeline };
}

/** The record itself; undefined until its stream is planned. */
export function asPlanned(record: StreamRecord | undefined): PlannedRecord | undefined {
  const probed = asProbed(record);
  const { source, output } = probed ?? {};
  return probed === undefined || source === undefined || output === undefined
    ? undefined
    : { ...probed, source, output };
}
