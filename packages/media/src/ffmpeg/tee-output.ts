const escape = (text: string, special: RegExp): string =>
  text.replace(special, (character) => `\\${character}`);

/** A value among the options of one tee slave: `[key=value:key=value]`. */
const optionValue = (text: string): string => escape(text, /[\\':\]\s]/g);
/** One slave among those that `|` separates. */
const slave = (text: string): string => escape(text, /[\\'|\s]/g);

/** One output of ffmpeg's tee muxer. */
export interface TeeSlave {
  readonly options: Readonly<Record<string, string>>;
  readonly path: string;
}

/** The output name that ffmpeg's tee muxer takes; each level of its parsing is quoted by itself. */
export function teeOutput(slaves: readonly TeeSlave[]): string {
  return slaves
    .map(({ options, path }) => {
      const pairs = Object.entries(options).map(([key, value]) => `${key}=${optionValue(value)}`);
      return slave(`[${pairs.join(":")}]${path}`);
    })
    .join("|");
}
