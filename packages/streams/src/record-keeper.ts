import type { Reason, StreamRecord, Log, StreamFolder } from "@upreel/core";

/** The record of one stream in memory and on the disk. */
export function keepRecord(initial: StreamRecord, folder: StreamFolder, log: Log) {
  let record = initial;
  /** Saves in the background what is worth it, but not worth waiting for. */
  const keep = (): void => void saved();
  const saved = (): Promise<void> =>
    folder.save(record).catch((error: unknown) => {
      log.error(`The state of ${record.title} could not be saved`, { error });
    });
  return {
    get now(): StreamRecord {
      return record;
    },
    /** In memory alone. */
    set(changes: Partial<StreamRecord>): void {
      record = { ...record, ...changes };
    },
    /** On the disk when it settles; rejects when that fails. */
    async save(changes: Partial<StreamRecord>): Promise<void> {
      record = { ...record, ...changes };
      await folder.save(record);
    },
    keep(changes: Partial<StreamRecord>): void {
      record = { ...record, ...changes };
      keep();
    },
    /** In memory alone; undefined: none. */
    setReason(reason: Reason | undefined): void {
      const { reason: _, ...rest } = record;
      record = { ...rest, ...(reason === undefined ? {} : { reason }) };
    },
    /** In memory alone: the film is compared with its source. */
    forgetDecoded(): void {
      const { decoded: _, ...rest } = record;
      record = rest;
    },
    /** How the stream rests; a failure to save it is logged. */
    async rest(state: StreamRecord["state"], reason: Reason | undefined): Promise<void> {
      const { reason: _, ...rest } = record;
      record = { ...rest, state, ...(reason === undefined ? {} : { reason }) };
      await saved();
    },
    /** It is wanted again: what it came to before is forgotten. */
    begin(broadcastStartedAtMs: number): void {
      const isNew = record.timeline === undefined && record.reason === undefined;
      const isSame =
        record.state === "idle" && record.broadcastStartedAtMs === broadcastStartedAtMs;
      // What was just created is on the disk as it is.
      if (isNew && isSame && record.archive === undefined) return;
      const { reason, archive: _, archiveOffsets: __, ...rest } = record;
      record = {
        ...rest,
        ...(reason !== undefined && isLasting(reason) ? { reason } : {}),
        state: "idle",
        broadcastStartedAtMs,
      };
      keep();
    },
    /** What stays true of the source, whatever becomes of the stream. */
    lastingReason(): Reason | undefined {
      return record.reason !== undefined && isLasting(record.reason) ? record.reason : undefined;
    },
  };
}

export type RecordKeeper = ReturnType<typeof keepRecord>;

const LASTING = new Set<Reason["code"]>([
  "source_truncated",
  "source_damaged",
  "source_uneven",
  "film_incomplete",
]);
const isLasting = ({ code }: Reason): boolean => LASTING.has(code);
