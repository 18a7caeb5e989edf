import type { Measurement, ModelSpec, Rung } from "@upreel/core";

/** measureRung, loaded when it is called: the gateway imports this package without ONNX Runtime. */
export async function measureQuickly(rung: Rung): Promise<Measurement> {
  const loaded = await import("./measure-rung.ts");
  return loaded.measureQuickly(rung);
}

export async function measureRung(rung: Rung, twin?: ModelSpec): Promise<Measurement> {
  const loaded = await import("./measure-rung.ts");
  return loaded.measureRung(rung, twin);
}
