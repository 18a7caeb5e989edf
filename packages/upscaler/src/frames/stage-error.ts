import type { Reason } from "@upreel/core";
import { toReason, UpreelError } from "@upreel/core/plain";
import type { Stage } from "./thread-messages.ts";

/** A failure of an inference thread, and where it happened. */
export class StageError extends Error {
  readonly stage: Stage;
  /** Where the cause says more than the stage. */
  readonly reason: Reason | undefined;
  constructor(stage: Stage, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.stage = stage;
    this.reason = cause instanceof UpreelError ? toReason(cause) : undefined;
  }
}
