/** Shapes of the built-in networks for films, best picture first: channels × inner layers. */
const SHAPES = ["16x4", "16x2", "16x1", "16x0"] as const;

/** How strongly the shipped `sharp` networks sharpen, in hundredths; 0 is the `live` family (docs/models.md). */
const STRENGTHS = { "1.5": [0, 50], "2": [0, 35, 50, 70], "3": [0, 50], "4": [0, 50] } as const;

const BLOCK_REMOVERS = "upreel-x2-worn";

/** Whether a network was trained to remove the blocks that some codecs leave. */
export const removesBlocks = (id: string): boolean => id.startsWith(BLOCK_REMOVERS);

/** Sides are rounded to even numbers of pixels. */
const ROUNDING = 0.02;
const scaleFor = (factor: number): keyof typeof STRENGTHS => {
  if (factor <= 1.5) return "1.5";
  return (
    (["3", "4"] as const).find((each) => Math.abs(factor / Number(each) - 1) < ROUNDING) ?? "2"
  );
};

/** What of a film decides which built-in networks are for it. */
export interface FilmNeeds {
  /** How many times as large as the source the output is. Default: 2. */
  readonly factor?: number;
  readonly leavesBlocks?: boolean | undefined;
  /** What was chosen for it, in place of what the settings say. */
  readonly sharpness?: number | undefined;
}

function familyOf(sharpness: number, { factor = 2, leavesBlocks = false }: FilmNeeds) {
  const scale = scaleFor(factor);
  const wanted = sharpness * 100;
  const strength =
    STRENGTHS[scale].toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? 0;
  if (strength === 0) return { begin: `upreel-x${scale}-live`, ending: "" };
  if (leavesBlocks && scale !== "1.5") return { begin: BLOCK_REMOVERS, ending: "" };
  return { begin: `upreel-x${scale}-sharp`, ending: `-${strength}` };
}

/**
 * Built-in networks, best picture first, for a sharpness from 0 (faithful) to 1: those of the strength that comes
 * closest. Up to ×1.5, for ×3 and for ×4 there are networks for that, and for films whose codec leaves blocks some that remove them, at
 * ×2 and one strength, unless the faithful ones are wanted. `auto` takes the best one that keeps up; a stream that falls behind goes down this list, last to the plain
 * scaler. Each comes in two number formats.
 */
export function builtInLadder(
  sharpness: number,
  film: FilmNeeds = {},
): readonly [string, string, ...string[]] {
  const { begin, ending } = familyOf(sharpness, film);
  const named = (shape: string): string => `${begin}${shape}${ending}`;
  const [best, next, ...others] = SHAPES;
  return [named(best), named(next), ...others.map(named)];
}

/** All that films may need at one sharpness. */
export const builtInNetworks = (sharpness: number): readonly string[] =>
  [{}, { factor: 1.5 }, { factor: 3 }, { factor: 4 }, { leavesBlocks: true }].flatMap((film) =>
    builtInLadder(sharpness, film),
  );

const SHARP = /^(upreel-x(1\.5|2|3|4)-)(?:live|sharp)(\d+x\d+)(?:-\d+)?(-int8|-fp32)$/;

/** Networks that differ from this one in their strength alone: they take as long, and are proved as it is. */
export function twinsOf(id: string): readonly string[] {
  const [, begin = "", scale, shape = "", format = ""] = SHARP.exec(id) ?? [];
  const strengths: readonly number[] = STRENGTHS[scale as keyof typeof STRENGTHS] ?? [];
  return strengths
    .map((strength) => (strength === 0 ? `live${shape}` : `sharp${shape}-${strength}`))
    .map((name) => `${begin}${name}${format}`)
    .filter((twin) => twin !== id);
}

const BUILT_IN_FOR_FILMS = /^upreel-x(1\.5|2|3|4)-(live|sharp|worn)/;

/** Whether a network need not be timed: a built-in one of another strength than the one in use. */
export const isSpare = (id: string, ladder: readonly string[]): boolean =>
  BUILT_IN_FOR_FILMS.test(id) && !ladder.some((name) => id === name || id.startsWith(`${name}-`));
