import type { FileIdentity, Profile, StreamStatus } from "@upreel/core";
import type { StreamFolder } from "./ports.ts";

export interface TriggerRequest {
  /** After realpath and stat. */
  readonly file: FileIdentity;
  readonly title: string;
  readonly profile: Profile;
}

export interface TriggerResult {
  readonly status: "started" | "queued" | "streaming" | "exists";
  readonly id: string;
  /** Absolute path of the archive, with `exists`. */
  readonly archive: string | undefined;
}

/** Which streams exist and what they do; made by `createStreams`. */
export interface Streams extends AsyncDisposable {
  /** Answers from memory and one stat; the work goes on behind it. */
  trigger(request: TriggerRequest): Promise<TriggerResult>;
  /** Throws `stream_not_found` like all calls below. */
  status(id: string): StreamStatus;
  list(): readonly StreamStatus[];
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  /** Settles when no process of the stream lives any more. */
  cancel(id: string): Promise<void>;
  /** Cancels and deletes everything of the stream; returns the bytes freed. */
  remove(id: string): Promise<number>;
  folder(id: string): Promise<StreamFolder>;
  /** A viewer was served, or waits for, segment `k`: moves the playhead and may move the run there. */
  noteAsked(id: string, k: number): void;
  /** Every change of a stream's status (a running stream: at most four a second), and removals. */
  subscribe(listener: (event: StreamEvent) => void): () => void;
}

export type StreamEvent =
  | { readonly type: "status"; readonly status: StreamStatus }
  | { readonly type: "removed"; readonly id: string };
