/** Shapes of the built-in networks for films, best picture first: channels × inner layers. */
const SHAPES = ["16x4", "16x2", "16x1", "16x0"] as const;

/** How strongly the shipped `sharp` networks sharpen, in hundredths; 0 is the `live` family (docs/models.md). */
const STRENGTHS = [0, 35, 50, 70] as const;

const familyOf = (sharpness: number): { readonly name: string; readonly ending: string } => {
  const wanted = sharpness * 100;
  const strength =
    STRENGTHS.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? 0;
  return strength === 0 ? { name: "live", ending: "" } : { name: "sharp", ending: `-${strength}` };
};

/**
 * Built-in networks, best picture first, for a sharpness from 0 (faithful) to 1: those of the strength that comes
 * closest. `auto` takes the best one that keeps up; a stream that falls behind goes down this list, last to the plain
 * scaler. Each comes in two number formats.
 */
export function builtInLadder(sharpness: number): readonly [string, string, ...string[]] {
  const { name, ending } = familyOf(sharpness);
  const named = (shape: string): string => `upreel-x2-${name}${shape}${ending}`;
  const [best, next, ...others] = SHAPES;
  return [named(best), named(next), ...others.map(named)];
}

const BUILT_IN_FOR_FILMS = /^upreel-x2-(live|sharp)/;

/** Whether a network need not be timed: a built-in one of another strength than the one in use. */
export const isSpare = (id: string, ladder: readonly string[]): boolean =>
  BUILT_IN_FOR_FILMS.test(id) && !ladder.some((name) => id === name || id.startsWith(`${name}-`));
