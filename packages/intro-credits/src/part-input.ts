import { filmInput } from "@upreel/media";
import type { Span } from "./span.ts";

/** ffmpeg arguments that open a part of a film; times begin with 0 there. */
export const partInput = (path: string, { start, end }: Span): readonly string[] =>
  filmInput(path, "-ss", start.toFixed(3), "-t", (end - start).toFixed(3), "-threads", "1");
