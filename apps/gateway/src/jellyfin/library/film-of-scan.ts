import type { StreamView } from "@upreel/core";
import type { Streams } from "@upreel/streams";

/** The film that the scan has begun: it gives way to people, and goes on after them. */
export function createFilmOfScan(streams: Pick<Streams, "get" | "pause" | "resume">) {
  let current: { readonly id: string; isPausedByScan: boolean } | undefined;
  const status = (): StreamView | undefined => current && streams.get(current.id);

  return {
    status,
    begin(id: string): void {
      current = { id, isPausedByScan: false };
    },
    async pause(): Promise<void> {
      const now = status();
      if (current === undefined || now === undefined) return;
      // Somebody watches just this film: it is his now.
      if (now.viewers > 0) return;
      if (now.state !== "running" && now.state !== "starting" && now.state !== "queued") return;
      current.isPausedByScan = true;
      await streams.pause(now.id);
    },
    /** True while there is a film to wait for. */
    async goOn(): Promise<boolean> {
      const now = status();
      if (current === undefined || now === undefined || isOver(now)) {
        current = undefined;
        return false;
      }
      if (now.state === "paused" && current.isPausedByScan) {
        current.isPausedByScan = false;
        await streams.resume(now.id);
      }
      return true;
    },
  };
}

const isOver = ({ state }: StreamView): boolean =>
  state === "complete" || state === "failed" || state === "cancelled";
