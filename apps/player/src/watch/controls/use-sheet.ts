import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { whenLoaded } from "./thumbnails.ts";

/** Whether a sheet of thumbnails has come. */
export function useSheet(url: string | undefined): ReadonlySignal<boolean> {
  const isThere = useSignal(false);
  useEffect(() => {
    isThere.value = false;
    if (url === undefined) return;
    const closing = new AbortController();
    whenLoaded(url, () => (isThere.value = true), closing.signal);
    return () => closing.abort();
  }, [url]);
  return isThere;
}
