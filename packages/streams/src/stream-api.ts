import type { Crew, Help } from "./life/help.ts";
import type { Move } from "./life/move-ahead.ts";
import type {
  ModelChoice,
  Offer,
  Priority,
  RunOrder,
  StreamRecord,
  StreamState,
  StreamView,
  Clock,
  Log,
  StreamFolder,
} from "@upreel/core";
import type { InVain } from "./in-vain.ts";
import type { LiveRun, Need } from "./need.ts";
import type { createAudience } from "./audience.ts";
import type {
  Planner,
  ProveFilm,
  Sources,
  SpeedAt,
  SpeedNotes,
  WorkerProgress,
  Workers,
} from "./ports.ts";
import type { Plays } from "./viewer.ts";

export interface StreamDependencies {
  readonly planner: Planner;
  readonly prove?: ProveFilm | undefined;
  readonly workers: Workers;
  readonly sources: Sources;
  /** How often a file that is being written is looked at. */
  readonly lookEveryMs: number;
  readonly growthTimeoutMs: number;
  readonly clock: Clock;
  /** Not moved by whoever sets the time of day. */
  readonly steadyClock: Clock;
  readonly log: Log;
  /** Whether segments of a lower rung are made again. */
  readonly remakes: boolean;
  /** Called after every change worth telling. */
  readonly onChange: (status: StreamView) => void;
  /** What it needs may have changed. */
  readonly onNeed: () => void;
  /** A viewer is expected; nothing else changed. */
  readonly onWanted: () => void;
  /** The measured speed of a run, in frames a second. */
  readonly onSpeed: SpeedNotes["note"];
  /** Pictures that a run made in vain. */
  readonly onInVain: (frames: InVain) => void;
  readonly speedAt?: SpeedAt | undefined;
}

/** A run of a stream, as it is by now. */
export interface StreamRun {
  readonly order: Pick<RunOrder, "rung" | "otherRungs">;
  readonly live: LiveRun;
  readonly progress: WorkerProgress;
}

/** One stream: from its trigger to its archive, over any number of runs. */
export interface Stream {
  readonly id: string;
  readonly record: StreamRecord;
  readonly folder: StreamFolder;
  readonly audience: ReturnType<typeof createAudience>;
  readonly state: StreamState;
  /** It is on its way to the archive, or waits or is paused on that way. */
  readonly isWorking: boolean;
  /** When it failed last; undefined when it has not. */
  readonly failedAtMs: number | undefined;
  runs(): readonly StreamRun[];
  status(): StreamView;
  /**
   * It is wanted: from now on it has needs. `order` is its turn among others,
   * `broadcastStartedAtMs` when somebody began to see it.
   */
  start(order: number, broadcastStartedAtMs?: number): void;
  /** Nobody has played it yet: only the segments where playing would begin are made. */
  readonly isPrepared: boolean;
  /** Of a prepared stream: playing would begin `seconds` into the film. */
  prepareFrom(seconds: number): void;
  /** Somebody plays a prepared stream: from now on the whole film is made, and it is listed. */
  play(broadcastStartedAtMs: number): void;
  /** What it needs places for. */
  needs(): Need[];
  /** Film seconds a second of a new run at an offer; undefined: not known, 0: it cannot be made there. */
  speedAt(offer: Offer): number | undefined;
  /** What machines with nothing to do can make of it beside the runs that it has. Asked anew after `take`, it goes on. */
  helpFor(crew: Crew): () => Help;
  /** A run that makes what every viewer has passed, and what its machine is to make instead; undefined: there is none. */
  moveAhead(byPlace: Crew["byPlace"]): Move | undefined;
  /** What somebody waits for and is late, for a machine to make as well; undefined: nothing is. */
  hedgeAt(offer: Offer): Need | undefined;
  /** Runs other than these stop. */
  giveUpPlaces(kept: ReadonlySet<string | undefined>): void;
  /** Goes on with these of its needs. */
  take(given: readonly Need[]): void;
  /** Ends a run that is not worth its worker. */
  endRun(id: string): void;
  /** Called every second: a viewer who has gone silent no longer holds up the archive. */
  look(): void;
  /** Ends all work; settles when no process of it lives. */
  stop(): Promise<void>;
  /** After `stop`. */
  cancel(): Promise<void>;
  /** Stops all runs, or goes on; nothing for a stream that does not work. */
  setPaused(isPaused: boolean): void;
  /** Somebody is about to watch, though nothing was asked for yet. */
  expectViewer(): void;
  /** Starts a new live playlist where the last one ended before the film was complete. */
  renewBroadcast(): Promise<void>;
  /** A pinned stream is never deleted to make room. On the disk when it settles. */
  setPinned(isPinned: boolean): Promise<void>;
  /** What is made from now on is made so, whoever watches. On the disk when it settles. */
  chooseModel(choice: ModelChoice): Promise<void>;
  /** A lower priority than it has changes nothing. */
  raisePriority(priority: Priority): void;
  /** Nobody watches any more: it is background work from now on. */
  demote(): void;
  reportPlayhead(viewer: string, seconds: number, isPaused: boolean, plays: Plays): void;
  noteAsked(k: number, client: string): void;
}
