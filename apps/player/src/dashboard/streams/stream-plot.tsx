import { useEffect, useRef } from "preact/hooks";
import { strings } from "../../strings.ts";
import type { StreamEntry } from "./stream-store.ts";

const HEIGHT = 180;

/** fps (left) and lead (right) over time. The library comes only when a plot is looked at. */
export function StreamPlot({ entry }: { readonly entry: StreamEntry }) {
  const place = useRef<HTMLDivElement>(null);
  const isEmpty = entry.status.value.state !== "running" && entry.history().atSeconds.length === 0;
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    const closing = new AbortController();
    void import("./draw-plot.ts").then(({ drawPlot }) => {
      if (!closing.signal.aborted) drawPlot(current, entry, HEIGHT, closing.signal);
    });
    return () => closing.abort();
  }, [isEmpty]);
  if (isEmpty) return null;
  return (
    <figure class="plot" role="img" aria-label={strings.streams.plotTitle}>
      <div ref={place} class="plot-place" />
    </figure>
  );
}
