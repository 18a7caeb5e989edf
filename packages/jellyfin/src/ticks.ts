/** Jellyfin's unit of time: 100 ns. */
export const TICKS_PER_SECOND = 10_000_000;
