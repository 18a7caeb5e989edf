/** One option of a command line of ffmpeg, or the name of an output, which has no option. */
export interface FfmpegOption {
  /** Without its dash; empty for the name of an output. */
  readonly name: string;
  readonly value: string | undefined;
}

/** Options of ffmpeg's that have no value, as far as media servers use them. */
const FLAGS = new Set([
  ...["y", "n", "an", "vn", "sn", "dn", "re", "copyts", "start_at_zero", "shortest", "nostdin"],
  ...["hide_banner", "accurate_seek", "noaccurate_seek", "autorotate", "noautorotate", "autoscale"],
  ...["noautoscale", "stats", "nostats", "copyinkf", "xerror", "bitexact"],
]);

/** A word that begins an option, and not a negative number or a map that is taken away (`-map -0:s`). */
const isOption = (word: string | undefined): boolean => /^-[a-z]/i.test(word ?? "");

/** A command line as options with their values, in order; `writeOptions` gives the same words back. */
export function readOptions(words: readonly string[]): FfmpegOption[] {
  const options: FfmpegOption[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (!isOption(word)) {
      options.push({ name: "", value: word });
      continue;
    }
    const name = word.slice(1);
    const next = words[at + 1];
    // `-copypriorss:a:0 0` has a value, `-y` and options of a version that is not known yet have none.
    if (FLAGS.has(name) || next === undefined || isOption(next)) {
      options.push({ name, value: undefined });
      continue;
    }
    options.push({ name, value: next });
    at += 1;
  }
  return options;
}

export const writeOptions = (options: readonly FfmpegOption[]): string[] =>
  options.flatMap(({ name, value }) => [
    ...(name === "" ? [] : [`-${name}`]),
    ...(value === undefined ? [] : [value]),
  ]);

/** The value of the last option that has one of these names. */
export const valueOf = (
  options: readonly FfmpegOption[],
  ...names: readonly string[]
): string | undefined => options.findLast(({ name }) => names.includes(name))?.value;
