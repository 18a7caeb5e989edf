/** Whether this line on stderr says that one of the filters below lets nothing through. */
export const hasBegunLate = (line: string): boolean =>
  /^(\[Eval[^\]]*\] )?-?\d+\.\d{6}$/.test(line);

/** Says so when the first picture that the decoder calls whole was coded by others before it, and lets none through. */
export const REFUSE_TORN_START =
  "select='if(eq(n,0),st(0,eq(pict_type,I));if(not(ld(0)),print(t,16)));ld(0)'";

/**
 * Says so when the first picture comes at `limitSeconds` or later, and moves all pictures years back,
 * so that `fps` lets none through: repeating the first one would be wrong here.
 */
export function refuseLateStart(limitSeconds: number): string {
  const limit = limitSeconds.toFixed(6);
  const first = `if(eq(N,0),st(0,gte(T,${limit}));if(ld(0),print(T,16)))`;
  return `setpts='${first};PTS-ld(0)*1e8/TB'`;
}
