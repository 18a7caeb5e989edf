/** How a viewer wants pictures to look, whatever film: each 0 to 100, 50 as the film is; sharpen from 0 on. */
export interface Look {
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly warmth: number;
  readonly sharpen: number;
}

export const LOOK_PARTS = ["brightness", "contrast", "saturation", "warmth", "sharpen"] as const;
export type LookPart = (typeof LOOK_PARTS)[number];

const AS_IT_IS: Look = { brightness: 50, contrast: 50, saturation: 50, warmth: 50, sharpen: 0 };

/** Looks to begin with, by name. */
export const PRESETS = {
  film: AS_IT_IS,
  vivid: { ...AS_IT_IS, contrast: 56, saturation: 66 },
  crisp: { ...AS_IT_IS, contrast: 54, sharpen: 45 },
  soft: { ...AS_IT_IS, contrast: 44, saturation: 46 },
  warm: { ...AS_IT_IS, warmth: 68 },
  cool: { ...AS_IT_IS, warmth: 36 },
  night: { ...AS_IT_IS, brightness: 38, warmth: 74 },
} as const satisfies Record<string, Look>;
export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];

const isSame = (a: Look, b: Look): boolean => LOOK_PARTS.every((part) => a[part] === b[part]);

/** The preset that a look is; undefined for one of the viewer's own. */
export const presetOf = (look: Look): PresetName | undefined =>
  PRESET_NAMES.find((name) => isSame(PRESETS[name], look));

/** What was kept, as far as it is one: anybody may have written it. */
export function readLook(text: string | null): Look {
  try {
    const kept: unknown = JSON.parse(text ?? "{}");
    if (typeof kept !== "object" || kept === null) return AS_IT_IS;
    const given = Object.entries(kept).filter(
      ([part, value]) =>
        (LOOK_PARTS as readonly string[]).includes(part) &&
        typeof value === "number" &&
        value >= 0 &&
        value <= 100,
    );
    return { ...AS_IT_IS, ...(Object.fromEntries(given) as Partial<Look>) };
  } catch {
    return AS_IT_IS;
  }
}

/** −1 to 1. */
const away = (value: number): number => value / 50 - 1;
const factor = (value: number, most: number): string => (1 + away(value) * most).toFixed(3);

/** CSS that shows it; `none` for a film as it is, which browsers then put on the screen without a detour. */
export function filterOf(look: Look): string {
  const { brightness, contrast, saturation, warmth, sharpen } = look;
  const filters = [
    ...(warmth === 50 ? [] : ["url(#look-warmth)"]),
    ...(brightness === 50 ? [] : [`brightness(${factor(brightness, 0.5)})`]),
    ...(contrast === 50 ? [] : [`contrast(${factor(contrast, 0.5)})`]),
    ...(saturation === 50 ? [] : [`saturate(${factor(saturation, 1)})`]),
    ...(sharpen === 0 ? [] : ["url(#look-sharpen)"]),
  ];
  return filters.length === 0 ? "none" : filters.join(" ");
}

/** feColorMatrix: red and blue by the same, in opposite directions; green by a third of it keeps faces from pink. */
export function warmthMatrix({ warmth }: Look): string {
  const by = away(warmth) * 0.25;
  const rows = [1 + by, 1 + by / 3, 1 - by].map((gain, row) =>
    [0, 1, 2, 3, 4].map((column) => (column === row ? gain.toFixed(3) : "0")).join(" "),
  );
  return [...rows, "0 0 0 1 0"].join(" ");
}

/** feConvolveMatrix that adds what a pixel differs by from its four neighbours; its weights add up to one. */
export function sharpenKernel({ sharpen }: Look): string {
  const by = sharpen / 100;
  const side = (-by).toFixed(3);
  const middle = (1 - 4 * Number(side)).toFixed(3);
  return `0 ${side} 0 ${side} ${middle} ${side} 0 ${side} 0`;
}
