/** Why pictures that a run made are in no published segment: others make them, too, or will. */
export const REASONS_IN_VAIN = [
  /** Another machine was asked to make the same, and was first. */
  "hedge",
  /** The run was ended on purpose in the middle of a segment, or went on into what another one makes. */
  "moved",
  /** The run failed, or its machine was lost. */
  "failed",
  /** Another gateway, the owner of the film before, had published them. */
  "other_gateway",
] as const;
type ReasonInVain = (typeof REASONS_IN_VAIN)[number];

/** Pictures made in vain since the start, by why. */
export type InVain = Readonly<Record<ReasonInVain, number>>;

export const NOTHING_IN_VAIN: InVain = { hedge: 0, moved: 0, failed: 0, other_gateway: 0 };

export function countInVain() {
  let all = NOTHING_IN_VAIN;
  return {
    read: (): InVain => all,
    note: (more: InVain): void => {
      const sums = REASONS_IN_VAIN.map((why) => [why, all[why] + more[why]] as const);
      all = { ...all, ...Object.fromEntries(sums) };
    },
  };
}
