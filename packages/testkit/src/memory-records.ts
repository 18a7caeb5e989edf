import { streamRecordSchema, type RecordListener, type StreamRecords } from "@upreel/core";

/** The records of streams in memory; `forget` is the end of a stream. */
export interface MemoryRecords extends StreamRecords {
  forget(id: string): void;
}

export function makeMemoryRecords(): MemoryRecords {
  const records = new Map<string, Parameters<StreamRecords["save"]>[0]>();
  const listeners = new Set<RecordListener>();
  return {
    read: async (id) => records.get(id),
    list: async () => [...records.values()],
    async save(record) {
      records.set(record.id, streamRecordSchema.parse(record));
      for (const listener of listeners) listener(record.id, record);
    },
    forget(id) {
      records.delete(id);
      for (const listener of listeners) listener(id, undefined);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
