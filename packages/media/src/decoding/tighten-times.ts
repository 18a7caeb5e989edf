import { toNumber, type Rational } from "@upreel/core";

/** Programme streams tell a time at least every 0.7 s (ISO/IEC 13818-1, 2.7.4), so that times are wrong for no longer than this. */
const USUALLY_OFF_SECONDS = 0.8;
/** In streams that tell times more seldom, the next time may be wrong as well. */
const WRONG_TOLD_TIMES = 2;

/**
 * A filter that lets pictures of a constant rate follow each other although some of their times are wrong by a picture:
 * programme streams tell the times of only some pictures, and ffmpeg sometimes gives one to a neighbour. A larger
 * difference is taken as it is, and so is one that lasts until the next times are told, at most `untoldSeconds` later.
 */
export function tightenTimes(rate: Rational, untoldSeconds = 0): string {
  const frame = 1 / toNumber(rate);
  const [near, far] = [(0.3 * frame).toFixed(6), (1.2 * frame).toFixed(6)];
  const longestSeconds = Math.max(USUALLY_OFF_SECONDS, WRONG_TOLD_TIMES * untoldSeconds);
  const most = Math.round(longestSeconds / frame);
  return (
    "setpts='" +
    // Register 0: when this picture is due. Register 1: how many pictures in a row came at another time.
    "if(eq(N,0),st(0,T));st(2,abs(T-ld(0)));" +
    `st(1,if(lt(ld(2),${near}),0,ld(1)+1));` +
    `if(gt(ld(2),${far})+gt(ld(1),${most})+eq(ld(1),0),st(0,T);st(1,0));` +
    `st(0,ld(0)+${frame.toFixed(9)});(ld(0)-${frame.toFixed(9)})/TB'`
  );
}
