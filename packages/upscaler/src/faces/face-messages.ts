import type { FaceWork, Reason } from "@upreel/core";
import type { FrameForm } from "./frame-form.ts";

export type { FaceWork };

/** Main thread to face thread. Internal to this package, so typed but not parsed. */
export type FaceCommand =
  | { readonly type: "run"; readonly job: FaceThreadJob }
  /** Nobody needs the networks now: their memory is given back. */
  | { readonly type: "rest" };

export interface FaceThreadJob {
  readonly form: FrameForm;
  /** What is done with frames, by their mark; null: nothing. */
  readonly works: readonly (FaceWork | null)[];
  /** From the inference threads: a byte that marks the rung, then the frame. */
  readonly inputFd: number;
  /** To the encoder: the frames. */
  readonly outputFd: number;
  /** That work on one picture. */
  readonly threads: number;
  /** Two words: time that the encoder let this wait, in tenths of a millisecond; and 1 where nobody waits for more faces. */
  readonly shared: SharedArrayBuffer;
}

export type FaceEvent =
  /** Once: from frame `frame` of the run on they pass as they are. */
  | { readonly type: "failed"; readonly reason: Reason; readonly frame: number }
  /** No more frames come, or nobody takes them. */
  | { readonly type: "done" }
  /** It holds no networks now. */
  | { readonly type: "rested" };
