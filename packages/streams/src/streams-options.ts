import type { Clock, Leases, Log, StreamFolders } from "@upreel/core";
import type { Planner, ProveFilm, Sources, SpeedAt, SpeedNotes, Workers } from "./ports.ts";
import type { OnStop } from "./streams-api.ts";

/** What `createStreams` reaches the rest of the world through. */
export interface StreamsDependencies {
  readonly folders: StreamFolders;
  /** Where several gateways share the folders. */
  readonly leases?: Leases | undefined;
  readonly planner: Planner;
  /** Without it finished films are not compared with their sources. */
  readonly prove?: ProveFilm | undefined;
  readonly workers: Workers;
  readonly speeds?: SpeedNotes | undefined;
  /** How fast other machines are; without it that is not known. */
  readonly speedAt?: SpeedAt | undefined;
  readonly sources: Sources;
  /** The time of day: what files and records bear. */
  readonly clock: Clock;
  /** For how long something has been so: whoever sets the time of day does not move it. Default `clock`. */
  readonly steadyClock?: Clock | undefined;
  readonly log: Log;
}

export interface StreamsOptions {
  /** Streams that may be made or wait for it; a trigger that would make one more is refused. */
  readonly maxQueued: number;
  /** What becomes of a stream when its last viewer has stopped. */
  readonly onStop: OnStop;
  /** Whether segments of a lower rung are made again while nobody watches near there. */
  readonly remakes: boolean;
  /** A film that was being written and has not grown for so long is whole. Default a minute. */
  readonly growthTimeoutMs?: number | undefined;
  /** Key of the stream ids. */
  readonly secret: Uint8Array;
  /** How often is looked at what time alone changes. Default a second. */
  readonly lookEveryMs?: number | undefined;
}
