import type { Finding, Stage, VideoEncoder } from "@upreel/core";
import { note } from "./findings.ts";

/** A film that is being made. */
interface MadeFilm {
  readonly title: string;
  /** What it is encoded by. */
  readonly encoder?: string | null | undefined;
  /** undefined: nobody knows yet. */
  readonly stage: Stage | undefined;
}

/**
 * Which part of each run holds it up now, as it measures itself. `hardwareEncoder` tries out which one works here; it
 * is asked where that would help.
 */
export async function heldUp(
  films: readonly MadeFilm[],
  hardwareEncoder: () => Promise<VideoEncoder | undefined>,
): Promise<Finding[]> {
  const isByProcessor = ({ stage, encoder }: MadeFilm): boolean =>
    stage === "encode" && encoder?.startsWith("lib") === true;
  const better = films.some(isByProcessor)
    ? await hardwareEncoder().catch(() => undefined)
    : undefined;
  return films.flatMap((film) => {
    const { title, stage } = film;
    if (stage === undefined) return [];
    const isHelped = better !== undefined && isByProcessor(film);
    return isHelped
      ? [note("speed", "held_up_by_encoder", { title, encoder: better })]
      : [note("speed", `held_up_by_${stage}`, { title })];
  });
}

/** What `VIDEO_ENCODER=auto` comes to, if that is in hardware. */
export const inHardware = (auto: VideoEncoder): VideoEncoder | undefined =>
  auto.startsWith("lib") ? undefined : auto;
