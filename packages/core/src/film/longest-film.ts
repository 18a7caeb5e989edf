/**
 * Seconds of the longest film that is made: 26 hours. The clock of MPEG-TS has 33 bits at 90 kHz and
 * starts again after 26.5 hours, so that two segments of a longer film would have one time.
 */
export const LONGEST_FILM_SECONDS = 26 * 3600;

/**
 * Segments of a timeline at most: those of the longest film at the shortest HLS_SEGMENT_TIME, and some
 * for rounding. Whatever goes through the segments of a film takes no more steps than this.
 */
export const MOST_SEGMENTS = 200_000;
