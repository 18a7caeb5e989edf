import { GRADES, isGrade, UpreelError, type ModelSpec, type Rung } from "@upreel/core";
import type { Catalogue } from "@upreel/upscaler";
import { builtInLadder } from "../ladder/built-in-ladder.ts";
import { variantsOf } from "../models/variants.ts";

export interface RungNames {
  readonly catalogue: Pick<Catalogue, "find" | "list">;
  readonly sharpness: number;
  /** How the best of these is run here. */
  readonly rungOf: (variants: readonly ModelSpec[]) => Promise<Rung | undefined>;
}

/**
 * What makes pictures by the model of this name: a grade, or an id of `/models`. Throws `model_unknown` or
 * `model_unusable`.
 */
export async function nameRung(
  name: string,
  { catalogue, sharpness, rungOf }: RungNames,
): Promise<Rung> {
  const id = isGrade(name) ? builtInLadder(sharpness)[GRADES.indexOf(name)] : name;
  if (id === undefined) throw new UpreelError("internal", `no built-in network is ${name}`);
  const variants = variantsOf(id, await catalogue.list());
  const model = variants[0] ?? (await catalogue.find(id));
  const rung = await rungOf(variants.length > 0 ? variants : [model]);
  if (rung !== undefined) return rung;
  throw new UpreelError("model_unusable", `The model ${name} runs on none of the providers here`, {
    expected: "a provider of PROVIDERS that it was tried on",
  });
}
