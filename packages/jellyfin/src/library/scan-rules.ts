/** Which items of the libraries are upscaled ahead of time: all that a rule names must hold. */
export interface ScanRule {
  /** Name of a library. */
  readonly library?: string | undefined;
  /** Name of the user whose watched state and favourites count; without, those of all users. */
  readonly user?: string | undefined;
  /** Only pictures with fewer lines. */
  readonly below?: number | undefined;
  readonly unwatched?: boolean | undefined;
  readonly favourites?: boolean | undefined;
  /** Only the next episode of every series that somebody has begun. */
  readonly next?: boolean | undefined;
}

const FLAGS = ["unwatched", "favourites", "next"] as const;

/**
 * Reads `library=Old Films, below=720, unwatched; next; favourites`: rules separated by `;`, their
 * conditions by `,`. `undefined` when one is none.
 */
export function parseScanRules(text: string): readonly ScanRule[] | undefined {
  const rules = text
    .split(";")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map(parseRule);
  return rules.every((rule) => rule !== undefined) ? rules : undefined;
}

function parseRule(entry: string): ScanRule | undefined {
  let rule: ScanRule = {};
  for (const condition of entry.split(",").map((part) => part.trim())) {
    const flag = FLAGS.find((name) => name === condition);
    const [, name, value] = /^(library|user|below)\s*=\s*(.+)$/.exec(condition) ?? [];
    if (flag !== undefined) rule = { ...rule, [flag]: true };
    else if (name === "below" && /^\d+$/.test(value ?? ""))
      rule = { ...rule, below: Number(value) };
    else if ((name === "library" || name === "user") && value !== undefined)
      rule = { ...rule, [name]: value };
    else return undefined;
  }
  return rule;
}
