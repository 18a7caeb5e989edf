import { UpreelError } from "@upreel/core";

/** The segment that a name in a URL stands for. Throws `not_found`. */
export function segmentNumber(name: string): number {
  if (/^\d{6}\.ts$/.test(name)) return Number(name.slice(0, 6));
  throw new UpreelError("not_found", `no such segment name: ${name}`, {
    expected: "six digits and .ts, for example 000123.ts",
    got: name,
  });
}
