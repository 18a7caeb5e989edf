import { z } from "zod";
import type { Outcome } from "./step.ts";

const foundSchema = z.object({
  metadata: z.object({ vulnerabilities: z.object({ total: z.int() }).loose() }),
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() }).loose()),
});
const errorSchema = z.object({ message: z.string() });

/** What the JSON of `npm audit` says: a registry that was not asked is no registry that knows of nothing. */
export function readAudit(json: string): Outcome {
  const said = parse(json);
  const found = foundSchema.safeParse(said).data;
  if (found === undefined) {
    const { message } = errorSchema.safeParse(said).data ?? { message: json.slice(0, 200) };
    return { kind: "unreached", note: `the registry does not say: ${message}` };
  }
  const { total } = found.metadata.vulnerabilities;
  if (total === 0) return { kind: "done", note: "no known weakness" };
  const names = Object.entries(found.vulnerabilities).map(
    ([n, { severity }]) => `${n} (${severity})`,
  );
  return { kind: "failed", note: `${total} known weaknesses: ${names.join(", ")}` };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
