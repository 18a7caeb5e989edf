import type { ModelSpec } from "@upreel/core";

/** Endings of the files of one built-in network in two number formats. */
const INT8 = "-int8";
const FP32 = "-fp32";

/** The fp32 version of an int8 network; undefined where there is none. */
export function twinOf({ id }: ModelSpec, networks: readonly ModelSpec[]): ModelSpec | undefined {
  if (!id.endsWith(INT8)) return undefined;
  const twin = `${id.slice(0, -INT8.length)}${FP32}`;
  return networks.find((model) => model.id === twin);
}

/**
 * The networks that may stand for `name`: itself, or its versions in either number format, the one that
 * is usually faster first.
 */
export const variantsOf = (name: string, networks: readonly ModelSpec[]): readonly ModelSpec[] =>
  [name, `${name}${INT8}`, `${name}${FP32}`].flatMap((id) =>
    networks.filter((model) => model.id === id),
  );
