import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { UpreelError, type ErrorCode } from "@upreel/core";
import type { ThreadCommand, ThreadEvent } from "./frames/thread-messages.ts";

const FAILURE_CODES = {
  load: "model_unusable",
  read: "decoder_failed",
  infer: "inference_failed",
  write: "encoder_failed",
} as const satisfies Record<string, ErrorCode>;

const FAILURE_TEXTS = {
  load: "The network could not be loaded",
  read: "The decoder's frames could not be read",
  infer: "The network failed on a frame",
  write: "The encoder stopped taking frames",
} as const;

function toError({
  stage,
  reason,
  message,
}: Extract<ThreadEvent, { type: "failed" }>): UpreelError {
  if (reason !== undefined) return new UpreelError(reason.code, reason.message, reason);
  return new UpreelError(FAILURE_CODES[stage], FAILURE_TEXTS[stage], { got: message });
}

const threadDied = (cause: unknown): UpreelError =>
  new UpreelError("inference_failed", "An inference thread died", {
    ...(cause instanceof Error ? { got: cause.message } : {}),
    cause,
  });

/** What a thread tells in the middle of a job. */
export type JobEvent = Exclude<ThreadEvent, { type: "failed" | "done" }>;

/** Sends a command and settles with its answer; rejects with the thread's failure or death. */
export async function askThread(
  thread: Worker,
  command: ThreadCommand,
  onEvent: (event: JobEvent) => void = () => {},
): Promise<void> {
  // It would never answer.
  if (thread.threadId === -1) throw threadDied(undefined);
  const answered = new AbortController();
  const { signal } = answered;
  try {
    thread.postMessage(command);
    const died = once(thread, "exit", { signal }).then(
      () => Promise.reject(threadDied(undefined)),
      (cause: unknown) => Promise.reject(threadDied(cause)),
    );
    const answer = new Promise<void>((resolve, reject) => {
      const onMessage = (event: ThreadEvent): void => {
        if (event.type !== "failed" && event.type !== "done") return onEvent(event);
        if (event.command !== command.type) return;
        if (event.type === "failed") reject(toError(event));
        else resolve();
      };
      thread.on("message", onMessage);
      signal.addEventListener("abort", () => thread.off("message", onMessage), { once: true });
    });
    await Promise.race([answer, died]);
  } finally {
    answered.abort();
  }
}
