/** How many bits a second players may be offered. */
export interface RateRule {
  /** Only of those who are not in a network at home. */
  readonly remote?: boolean | undefined;
  readonly bitsPerSecond: number;
}

const RULE = /^(?:(remote):)?(\d+(?:\.\d+)?)\s*([kM])$/;
const FACTOR = { k: 1_000, M: 1_000_000 };

/** `remote:8M; 40M`: the first rule that fits counts. What is no rule stays as it is, and is refused by the schema. */
export function parseRateRules(text: string): unknown {
  return text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [, remote, amount, unit] = RULE.exec(part) ?? [];
      if (amount === undefined) return part;
      const bitsPerSecond = Number(amount) * (unit === "k" ? FACTOR.k : FACTOR.M);
      return { ...(remote === undefined ? {} : { remote: true }), bitsPerSecond };
    });
}
