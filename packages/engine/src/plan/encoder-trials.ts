import type { Log, Output, Profile } from "@upreel/core";
import { chooseEncoder } from "@upreel/media";

/** The encoder that a wanted one comes to on this machine; each is tried once. */
export type EncoderFor = (wanted: Profile["encoder"]) => Promise<Output["encoder"]>;

const LONGEST_TRIAL_MS = 30_000;

export function createEncoderTrials(ffmpeg: string, log: Log): EncoderFor {
  const trials = new Map<Profile["encoder"], Promise<Output["encoder"]>>();
  return (wanted) => {
    const known = trials.get(wanted);
    if (known !== undefined) return known;
    const deadline = AbortSignal.timeout(LONGEST_TRIAL_MS);
    const trial = chooseEncoder(wanted, { ffmpeg }, deadline).then((choice) => {
      // `auto` on a machine without a hardware encoder is no fault.
      for (const warning of choice.warnings) log[wanted === "auto" ? "info" : "warn"](warning);
      return choice.encoder;
    });
    trials.set(wanted, trial);
    trial.catch(() => trials.delete(wanted));
    return trial;
  };
}
