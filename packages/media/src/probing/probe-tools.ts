import type { TakeLook } from "../look/film-look.ts";

/** The tools that read a file. */
export interface ProbeTools {
  readonly ffprobe: string;
  readonly ffmpeg: string;
  /** The niceness of both, if nobody waits for what they find. */
  readonly niceness?: number | undefined;
  /** Looks at pictures. Default: this process does. */
  readonly look?: TakeLook | undefined;
}
