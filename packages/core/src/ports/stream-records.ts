import type { StreamRecord } from "../stream/stream.ts";

/** What every stream is and what of it is made, as it was saved last. One process owns it. */
export interface StreamRecords {
  /** Undefined: there is no such stream. */
  read(id: string): Promise<StreamRecord | undefined>;
  list(): Promise<readonly StreamRecord[]>;
  /** Kept when it settles, over a restart too. Saves of one stream follow each other: the last one wins. */
  save(record: StreamRecord): Promise<void>;
  /** Called with each record that was saved, and without one at the end of a stream. */
  subscribe(listener: RecordListener): () => void;
}

export type RecordListener = (id: string, record: StreamRecord | undefined) => void;
