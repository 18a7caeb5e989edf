/** Timestamps of MPEG-TS, HLS and PGS count in ticks of 90 kHz. */
export const PTS_PER_SECOND = 90_000;
