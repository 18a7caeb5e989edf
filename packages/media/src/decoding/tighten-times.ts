import { toNumber, type Rational } from "@upreel/core";

/** A programme stream is to tell a time at least each 0.7 s (ISO/IEC 13818-1, 2.7.4): then it is right again. */
const USUALLY_OFF_SECONDS = 0.8;
/** Where times are told more seldom, the next one may be a picture off, too. */
const WRONG_TOLD_TIMES = 2;

/**
 * A filter that has pictures of a constant rate follow each other where their times are a picture off:
 * programme streams tell those of some pictures, and ffmpeg gives them to their neighbours at times. A
 * larger step is one; so is one that lasts longer than until times are told again, `untoldSeconds` apart at most.
 */
export function tightenTimes(rate: Rational, untoldSeconds = 0): string {
  const frame = 1 / toNumber(rate);
  const [near, far] = [(0.3 * frame).toFixed(6), (1.2 * frame).toFixed(6)];
  const longestSeconds = Math.max(USUALLY_OFF_SECONDS, WRONG_TOLD_TIMES * untoldSeconds);
  const most = Math.round(longestSeconds / frame);
  return (
    "setpts='" +
    // 0: when this picture is due. 1: how many in a row were not.
    "if(eq(N,0),st(0,T));st(2,abs(T-ld(0)));" +
    `st(1,if(lt(ld(2),${near}),0,ld(1)+1));` +
    `if(gt(ld(2),${far})+gt(ld(1),${most})+eq(ld(1),0),st(0,T);st(1,0));` +
    `st(0,ld(0)+${frame.toFixed(9)});(ld(0)-${frame.toFixed(9)})/TB'`
  );
}
