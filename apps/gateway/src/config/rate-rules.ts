import { isIP } from "node:net";
import { z } from "zod";

const scopeSchema = z.strictObject({
  /** Only of those who are not in a network at home. */
  remote: z.boolean().optional(),
  /** Addresses, as `203.0.113.0/24`. */
  network: z.string().refine(isNetwork).optional(),
  /** Name or id of a user of Jellyfin, who plays through the proxy. */
  user: z.string().min(1).optional(),
  /** Name of a client program, as Jellyfin or the player itself tells it. */
  client: z.string().min(1).optional(),
});

/** How many bits a second players may be offered: those whom all fits that it names. */
export const rateRuleSchema = scopeSchema.extend({ bitsPerSecond: z.number().positive() });
export type RateRule = z.infer<typeof rateRuleSchema>;

const RULE = /^(?:(?:(remote)|(network|user|client)=(.+)):)?\s*(\d[^:]*)$/;
const RATE = /^(\d+(?:\.\d+)?)\s*([kM])$/;
const FACTOR = { k: 1_000, M: 1_000_000 };

/** Bits a second of `8M` or `800k`; undefined for what is none. */
export function parseRate(text: string): number | undefined {
  const [, amount, unit] = RATE.exec(text) ?? [];
  const rate = Number(amount) * (unit === "k" ? FACTOR.k : FACTOR.M);
  return rate > 0 ? rate : undefined;
}

/** `user=kids:2M; remote:8M; 40M`: the first rule that fits counts. What is no rule stays as it is, and is refused by the schema. */
export function parseRateRules(text: string): unknown {
  return text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [, remote, what, name, amount = ""] = RULE.exec(part) ?? [];
      const bitsPerSecond = parseRate(amount);
      if (bitsPerSecond === undefined) return part;
      if (remote !== undefined) return { remote: true, bitsPerSecond };
      return what === undefined ? { bitsPerSecond } : { [what]: name?.trim(), bitsPerSecond };
    });
}

function isNetwork(text: string): boolean {
  const [address = "", bits = "", ...more] = text.split("/");
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}
