/** Shapes of the built-in networks for films, best picture first: channels × inner layers. */
const SHAPES = ["16x4", "16x2", "16x1", "16x0"] as const;

/** How strongly the shipped `sharp` networks sharpen, in hundredths; 0 is the `live` family (docs/models.md). */
const STRENGTHS = { "2": [0, 35, 50, 70], "1.5": [0, 50] } as const;

/** What built-in networks enlarge by. */
export type BuiltInScale = 2 | 1.5;

/** The networks for an output so many times as large as its input: what is more than that is for larger ones. */
export const builtInScale = (factor: number): BuiltInScale => (factor > 1.5 ? 2 : 1.5);

const familyOf = (
  sharpness: number,
  scale: BuiltInScale,
): { readonly name: string; readonly ending: string } => {
  const wanted = sharpness * 100;
  const strength =
    STRENGTHS[scale].toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? 0;
  return strength === 0 ? { name: "live", ending: "" } : { name: "sharp", ending: `-${strength}` };
};

/**
 * Built-in networks, best picture first, for a sharpness from 0 (faithful) to 1: those of the strength that comes
 * closest. `auto` takes the best one that keeps up; a stream that falls behind goes down this list, last to the plain
 * scaler. Each comes in two number formats.
 */
export function builtInLadder(
  sharpness: number,
  scale: BuiltInScale = 2,
): readonly [string, string, ...string[]] {
  const { name, ending } = familyOf(sharpness, scale);
  const named = (shape: string): string => `upreel-x${scale}-${name}${shape}${ending}`;
  const [best, next, ...others] = SHAPES;
  return [named(best), named(next), ...others.map(named)];
}

const BUILT_IN_FOR_FILMS = /^upreel-x(2|1\.5)-(live|sharp)/;

/** Whether a network need not be timed: a built-in one of another strength than the one in use. */
export const isSpare = (id: string, ladder: readonly string[]): boolean =>
  BUILT_IN_FOR_FILMS.test(id) && !ladder.some((name) => id === name || id.startsWith(`${name}-`));
