import type { TakeLook } from "../look/film-look.ts";

/** What a file is read by. */
export interface ProbeTools {
  readonly ffprobe: string;
  readonly ffmpeg: string;
  /** Of both, where nobody waits for what they find. */
  readonly niceness?: number | undefined;
  /** Who looks at pictures; without, this process does. */
  readonly look?: TakeLook | undefined;
}
