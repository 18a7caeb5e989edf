import { z } from "zod";
import { HELP_FOR_STAGE } from "./stage.ts";
import { withValues } from "./finding-texts.ts";

/**
 * Sentences about a film, by codes that stay: pages say them in their own language. `{name}` stands for a value;
 * `{reason}` is a sentence of another program, and stays English.
 */
export const TOLD_TEXTS = {
  // Why this model makes a film.
  rung_speed: "Quality “{model}”: this computer upscales this film at about {speed}× film speed.",
  rung_not_measured: "Quality “{model}”: not measured on this computer yet.",
  rung_untried: "It has not been tried on this processor yet, or the trial failed.",
  rung_asked_for: "You chose this model by name.",
  rung_set_for_film: "It is set for live action ({reason}).",
  rung_set_for_animation: "It is set for animation ({reason}).",
  rung_made_for_film: "It was made for live action ({reason}).",
  rung_made_for_animation: "It was made for animation ({reason}).",
  rung_no_model: "No model can be used here: the picture is only enlarged.",
  rung_none_fast: "No model is fast enough here: the picture is only enlarged.",
  rung_best_live: "It is the best one that is fast enough to watch live.",
  rung_not_live: "It cannot be watched live yet.",
  rung_better_slow: "The better “{model}” was too slow.",
  rung_removes_blocks: "The film's codec leaves visible blocks, and this model removes them.",
  rung_faces: "Faces are restored, about {seconds} s for each: about {speed}× film speed.",
  rung_faces_later:
    "Faces are not restored while somebody watches: that would be {speed}× film speed. They are restored in parts that nobody is waiting for.",
  rung_faces_missing: "Faces cannot be restored: {reason}",
  rung_failed: "{model} failed on {provider}: {reason}",
  // Whether it can be watched now.
  advice_ready: "The film is ready.",
  advice_live: "It is upscaled at {speed}× film speed.",
  advice_enough: "Enough of it is upscaled already, though only at {speed}× film speed.",
  advice_slow:
    "Too slow to watch live: this computer upscales it at {speed}× film speed, and playback would stop after about {seconds} s. Once it is ready, it plays without a break.",
  advice_too_slow: "This computer is too slow for this film.",
  advice_should_live: "It should be upscaled at {speed}× film speed.",
  advice_should_slow:
    "Too slow to watch live: this computer should upscale it at {speed}× film speed. Once it is ready, it plays without a break.",
  // How its pictures were taken.
  scan_telecine: "telecined: the original film frames are restored, four for every five",
  scan_interlaced: "interlaced: deinterlaced",
  scan_mixed: "interlaced in parts: deinterlaced there",
  scan_progressive: "progressive, although the file says interlaced",
  scan_flagged: "interlaced: deinterlaced where the frames are",
  // Why a track is not offered.
  track_pictures: "these subtitles are pictures ({codec}), not text",
  track_unknown: "ffmpeg cannot turn {codec} into text",
  track_growing:
    "the film is still being recorded: it will be there once the recording is complete",
  track_sound_unknown: "the file does not say how to decode this audio track",
  track_no_place: "HLS cannot carry {codec} as it is",
  // Why the shelf recommends the original, or nothing at all.
  badge_unreadable: "the file cannot be read as a film",
  badge_fills_screen: "it fills the screen already (TARGET_HEIGHT)",
  badge_no_model: "no model works on this computer",
  // What holds an upscale up.
  held_up_source: HELP_FOR_STAGE.source,
  held_up_decode: HELP_FOR_STAGE.decode,
  held_up_network: HELP_FOR_STAGE.network,
  held_up_encode: HELP_FOR_STAGE.encode,
  held_up_disk: HELP_FOR_STAGE.disk,
} as const satisfies Record<string, string>;

export type ToldCode = keyof typeof TOLD_TEXTS;

const CODES = Object.keys(TOLD_TEXTS) as [ToldCode, ...ToldCode[]];

export const toldSchema = z.object({
  code: z.enum(CODES),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
/** One sentence: its code, and what stands in its places. */
export type Told = z.infer<typeof toldSchema>;

export const told = (code: ToldCode, values: Told["values"] = {}): Told => ({ code, values });

/** The same in English. */
export const tell = (...sentences: readonly Told[]): string =>
  sentences.map(({ code, values }) => withValues(TOLD_TEXTS[code], values)).join(" ");

/** The advice in English, to somebody who is told that the original is better. */
export const tellAdvice = (advice: Told | undefined): string =>
  tell(advice ?? told("advice_too_slow"));

/** A speed as people read it. */
export const shownSpeed = (speed: number): number => Math.round(speed * 10) / 10;
