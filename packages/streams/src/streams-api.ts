import type {
  FileIdentity,
  ModelOrder,
  Priority,
  Profile,
  StreamView,
  StreamFolder,
} from "@upreel/core";
import type { InVain } from "./in-vain.ts";
import type { Plays } from "./viewer.ts";

export interface TriggerRequest {
  /** After realpath and stat. */
  readonly file: FileIdentity;
  readonly title: string;
  readonly profile: Profile;
  /** Default `viewer`. A later trigger raises the priority of a stream, and never lowers it. */
  readonly priority?: Priority | undefined;
  /** Of a stream that was deleted to make room and is made again. Default: that of the file. */
  readonly id?: string | undefined;
  /** Where whoever is about to watch begins; default the start. */
  readonly fromSeconds?: number | undefined;
}

export type PrepareRequest = Omit<TriggerRequest, "priority" | "id">;

/** What becomes of a stream when its last viewer has stopped. */
export type OnStop = "finish" | "pause" | "cancel";

export interface TriggerResult {
  readonly status: "started" | "queued" | "streaming" | "exists";
  readonly id: string;
  /** Absolute path of the archive, with `exists`. */
  readonly archive: string | undefined;
}

/** Which gateway answers for a stream. */
export type Whereabouts =
  /** This one, also that there is no such stream. */
  | { readonly at: "here" }
  | { readonly at: "there"; readonly address: string }
  /** That cannot be told now: what is made of it can be read. */
  | { readonly at: "unknown" };

/** Which streams exist and what they do; made by `createStreams`. */
export interface Streams extends AsyncDisposable {
  /**
   * Takes the stream, where no gateway that lives has it. All calls below are about streams of this
   * gateway alone. Without other gateways all are.
   */
  reach(id: string): Promise<Whereabouts>;
  /** Leaves it to another gateway that asks for it, with all that is made; false: somebody watches it by this one. */
  handOver(id: string): Promise<boolean>;
  /**
   * Answers from memory and one stat; the work goes on behind it. Throws `stream_elsewhere` where another gateway
   * has it, `leases_away` where that cannot be told.
   */
  trigger(request: TriggerRequest): Promise<TriggerResult>;
  /**
   * Makes the first segments from `fromSeconds` on of a film that somebody may play, behind all other
   * work. Neither `list` nor `subscribe` tells of it until it is triggered. Does nothing for a film that
   * has a stream. Gives its id.
   */
  prepare(request: PrepareRequest, fromSeconds: number): Promise<string>;
  /** Deletes what was prepared and not triggered since; nothing for all else. */
  dropPrepared(id: string): Promise<void>;
  /** Throws `stream_not_found` like all calls below. */
  status(id: string): StreamView;
  list(): readonly StreamView[];
  /** The ids of all streams in `list`, for callers that look at them one by one or only count them. */
  ids(): readonly string[];
  /** The stream in `list` with this id; undefined when there is none. */
  get(id: string): StreamView | undefined;
  has(id: string): boolean;
  /** The stream of this file under this profile, if there is one. */
  find(request: Pick<TriggerRequest, "file" | "profile">): StreamView | undefined;
  /** The id that it has, or would have, whichever gateway has it. */
  idOf(request: Pick<TriggerRequest, "file" | "profile">): string;
  pause(id: string): Promise<void>;
  /**
   * Goes on with what is paused; what rests otherwise starts again, but for a finished film. `background`:
   * to be there later, behind all that somebody waits for; default as it was wanted before.
   */
  resume(id: string, priority?: "background"): Promise<void>;
  /** Settles when no process of the stream lives any more. */
  cancel(id: string): Promise<void>;
  /**
   * The disk is nearly full: only what somebody watches is made, until it is called with false. Then
   * streams that failed for want of room go on, too.
   */
  holdBackground(isHeld: boolean): void;
  /** These are made first, in this order, behind what somebody watches; all others follow as they came. */
  setOrder(ids: readonly string[]): void;
  /** A pinned stream is never deleted to make room. */
  setPinned(id: string, isPinned: boolean): Promise<void>;
  /**
   * What is made of it from now on is made by this model, with or without faces, from the next segment on, whoever
   * watches; what is made stays. What is not in the order stays as it was ordered last: two at once lose nothing of each other.
   */
  chooseModel(id: string, order: ModelOrder): Promise<void>;
  /** Cancels and deletes everything of the stream; returns the bytes freed. */
  remove(id: string): Promise<number>;
  folder(id: string): Promise<StreamFolder>;
  /**
   * `client` was served, or waits for, segment `k`: moves its playhead and may move a run there. A
   * stream that rests, in whatever state but `paused`, starts again when a missing segment is asked for.
   * `client` tells viewers apart: a play session, or address and player.
   */
  noteAsked(id: string, k: number, client: string): void;
  /**
   * Where `viewer` (a session of Jellyfin, a page) truly is, in seconds of the film. From then on its
   * lead is measured from there; the requests for segments around that place are taken to be its own.
   * Who plays the original meanwhile waits for nothing: a run that he is ahead of may catch up.
   */
  reportPlayhead(
    id: string,
    viewer: string,
    seconds: number,
    isPaused: boolean,
    plays?: Plays,
  ): void;
  /**
   * Where `viewer` is, by what it told and asked for last: a player that has just jumped asks before it tells.
   * Undefined where nothing is known of it, or the stream is gone.
   */
  viewerSeconds(id: string, viewer: string): number | undefined;
  /** `viewer` stopped. After the last one the option `onStop` says what becomes of the stream. */
  viewerLeft(id: string, viewer: string): void;
  /** Every change of a stream's status (a running stream: at most four a second), and removals. */
  subscribe(listener: (event: StreamEvent) => void): () => void;
  /** Pictures that runs have made in vain since the start: they are in no published segment, and others make them, too, or will. */
  inVain(): InVain;
}

export type StreamEvent =
  | { readonly type: "status"; readonly status: StreamView }
  | { readonly type: "removed"; readonly id: string }
  /** It is another gateway's now. */
  | { readonly type: "left"; readonly id: string };
