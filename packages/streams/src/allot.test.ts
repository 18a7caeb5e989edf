import { makeRandom } from "@upreel/testkit";
import { expect, it } from "vitest";
import { allot, changesNothing } from "./allot.ts";
import type { Need } from "./need.ts";

it("never says in vain that a need comes to nothing: the places go to the same ones with it", () => {
  const random = makeRandom(7);
  const integer = (from: number, to: number): number =>
    from + Math.floor(random.next() * (to - from + 1));
  const makeNeed = (order: number, isNew: boolean): Need => {
    const isAtWork = !isNew && integer(0, 3) === 0;
    const ranks = [0, 0, 0, 1, 2, 3, 4, 5] as const;
    const rank = ranks[integer(0, ranks.length - 1)] ?? 0;
    const isByHand = rank === 1 && integer(0, 1) === 1;
    return {
      ...{ stream: `s${order}`, kind: "make", gap: { from: 0, to: 1 }, isAtWork, rank, isByHand },
      order: isByHand ? -1 - order : order,
      run: isAtWork ? `r${order}` : undefined,
      leadSeconds: integer(0, 2) === 0 ? 0 : integer(0, 60),
      waiting: (["now", "soon", "no"] as const)[integer(0, 2)] ?? "no",
    };
  };
  let spared = 0;
  for (let turn = 0; turn < 20_000; turn++) {
    const places = integer(1, 3);
    const needs = Array.from({ length: integer(0, 6) }, (_, n) => makeNeed(n, false));
    const before = allot(needs, places, integer(0, 1) === 1);
    const need = makeNeed(needs.length, true);
    if (!changesNothing(before, need, places)) continue;
    spared += 1;
    // As it would be judged at once, and again with the new need.
    const again = allot(needs, places, before.isYielding);
    const after = allot([...needs, need], places, before.isYielding);
    expect([after.working, after.isYielding]).toEqual([again.working, again.isYielding]);
  }
  expect(spared).toBeGreaterThan(1_000);
});
