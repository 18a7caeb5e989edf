/** A bitstream filter for tracks that are copied: what is shown at `seconds` ends then. */
export const clipAt = (seconds: number): string =>
  `setts=pts=PTS:dts=DTS:duration=min(DURATION\\,max(0\\,${seconds.toFixed(6)}/TB-PTS))`;
