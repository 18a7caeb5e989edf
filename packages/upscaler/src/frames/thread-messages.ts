import type { ModelSpec, Reason, Rung, RunStep } from "@upreel/core";

/** What a thread is born with. */
export interface ThreadData {
  /** One thread at a time on a GPU: providers/device-turn.ts. */
  readonly deviceLock: SharedArrayBuffer;
  /** It finds out how networks can be run on parts of pictures, for all threads: that takes as long as some frames. */
  readonly findsTileRules: boolean;
}

/** Main thread to inference thread. Internal to this package, so typed but not parsed. */
export type ThreadCommand =
  | { readonly type: "load"; readonly rung: Rung }
  | { readonly type: "process"; readonly job: ThreadJob };

export interface ThreadJob {
  /** The first one begins. */
  readonly rungs: readonly Rung[];
  /** Whose frames they all take and give. */
  readonly frameModel: ModelSpec;
  /** Where the rung may change: at multiples of it. */
  readonly framesPerSegment: number;
  /** That work for it. */
  readonly threads: number;
  readonly rungControl: SharedArrayBuffer;
  readonly width: number;
  readonly height: number;
  /** Frames that this run shall give. */
  readonly frames: number;
  /** File descriptors of the decoder's and the encoder's pipe, shared by all threads of the process. */
  readonly inputFd: number;
  readonly outputFd: number;
  readonly control: SharedArrayBuffer;
  /** A byte before each frame tells its rung to the stage that comes after. */
  readonly marksRungs: boolean;
  /** Infer each picture whole and as it is, bars and all, whatever it has in common with the one before. */
  readonly inferAll: boolean;
  /** The last frames read, `slots` of them, frame n in slot n % slots. */
  readonly inputs: SharedArrayBuffer;
  readonly slots: number;
  /** Of each slot, what its frame has of bars. */
  readonly bars: SharedArrayBuffer;
  /** The network's answer for the last frame written. */
  readonly lastResult: SharedArrayBuffer;
}

/** Inference thread to main thread. Commands are obeyed one after the other, each answered once. */
export type ThreadEvent =
  | { readonly type: "input-ended"; readonly frame: number }
  | { readonly type: "step"; readonly step: RunStep; readonly atMs: number }
  | { readonly type: "rung-changed"; readonly frame: number; readonly rung: number }
  | { readonly type: "rung-refused"; readonly rung: number; readonly reason: Reason }
  | { readonly type: "done"; readonly command: ThreadCommand["type"] }
  | {
      readonly type: "failed";
      readonly command: ThreadCommand["type"];
      readonly stage: Stage;
      /** Where it says more than the stage. */
      readonly reason: Reason | undefined;
      readonly message: string;
    };

/** Where a thread failed. */
export type Stage = "load" | "read" | "infer" | "write";
