/** From one place of a film to another, in any unit. */
type Stretch = readonly [start: number, end: number];

/** Of the shorter one: with so much in common, two stretches are of one thing, such as an intro. */
const SAME_SHARE = 0.5;

/** Whether two stretches of a film, which were found by different means, are of one thing. */
export function isSameStretch(a: Stretch, b: Stretch): boolean {
  const common = Math.min(a[1], b[1]) - Math.max(a[0], b[0]);
  const shorter = Math.min(a[1] - a[0], b[1] - b[0]);
  return common > 0 && common >= shorter * SAME_SHARE;
}
