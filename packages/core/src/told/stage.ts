import { z } from "zod";

/** Parts of a run, one of which holds the others up. */
const STAGES = ["source", "decode", "network", "encode", "disk"] as const;
export type Stage = (typeof STAGES)[number];

/** Which part of a run holds it up, as measured over its last seconds. */
export const stageReportSchema = z.object({
  heldUpBy: z.enum(STAGES),
  /** Share of the time, 0 to 1, in which a picture was on its way out of the decoder and into the encoder. */
  decode: z.number(),
  encode: z.number(),
});
export type StageReport = z.infer<typeof stageReportSchema>;

/** Who waits in a pipe for so much of the time is held up by its other end. */
const WAITS = 0.4;
/** Who computes for a share of a core so much less than that waits itself, for a disk. */
const IDLE_CORES = 0.25;

export interface StageFigures {
  /** Shares of the time. */
  readonly decode: number;
  readonly encode: number;
  /** Cores that the two processes used; undefined where that is not told. */
  readonly decoderCores: number | undefined;
  readonly encoderCores: number | undefined;
}

/** The network's threads take pictures from one pipe and put them in another: where they stand still says who is slow. */
export function heldUpBy({ decode, encode, decoderCores, encoderCores }: StageFigures): Stage {
  if (Math.max(decode, encode) < WAITS) return "network";
  if (encode >= decode) return (encoderCores ?? 1) < IDLE_CORES ? "disk" : "encode";
  return (decoderCores ?? 1) < IDLE_CORES ? "source" : "decode";
}

/** What would make a run faster, in words for people. */
export const HELP_FOR_STAGE: Readonly<Record<Stage, string>> = {
  source: "Reading the film holds it up: a faster disk or network for the film would help.",
  decode: "Decoding holds it up: a faster processor would help, or a film in a smaller size.",
  network:
    "The model holds it up: a smaller one (MODEL) or a graphics card (PROVIDERS) would help.",
  encode:
    "Encoding holds it up: an encoder in hardware (VIDEO_ENCODER) or a smaller picture (TARGET_HEIGHT) would help.",
  disk: "Writing holds it up: a faster disk for the data folder would help.",
};

/** The same of an encoder in hardware that was tried out and works, where encoding holds a run up. */
export const HELP_BY_ENCODER =
  "Encoding holds it up: VIDEO_ENCODER={encoder} works on this machine, and would help.";
