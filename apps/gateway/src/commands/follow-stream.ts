import { UpreelError, type StreamView } from "@upreel/core";
import type { Streams } from "@upreel/streams";
import { createProgressView } from "./progress-view.ts";

/** Shows the progress until the stream is complete; returns its archive. A signal cancels it. */
export async function followToEnd(
  streams: Streams,
  id: string,
  stop: AbortSignal,
): Promise<string> {
  const view = createProgressView();
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const take = (status: StreamView): void => {
    view.show(status);
    if (status.state === "complete" && status.file !== undefined) resolve(status.file);
    if (status.state === "cancelled")
      reject(new UpreelError("cancelled", "cancelled; nothing was kept"));
    if (status.state === "failed") reject(failure(status));
  };
  const unsubscribe = streams.subscribe((event) => {
    if (event.type === "status" && event.status.id === id) take(event.status);
  });
  const cancel = (): void => {
    streams.cancel(id).catch(reject);
  };
  stop.addEventListener("abort", cancel, { once: true });
  if (stop.aborted) cancel();
  try {
    take(streams.status(id));
    return await promise;
  } finally {
    unsubscribe();
    stop.removeEventListener("abort", cancel);
    view.end();
  }
}

const failure = ({ reason }: StreamView): UpreelError =>
  new UpreelError(reason?.code ?? "internal", reason?.message ?? "upscaling failed", {
    expected: reason?.expected,
    got: reason?.got,
  });
