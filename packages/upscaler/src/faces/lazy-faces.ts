import type { FaceTrial, FaceWork } from "@upreel/core";

/** tryFaces, loaded when it is called: the gateway imports this package without ONNX Runtime. */
export async function tryFaces(work: Omit<FaceWork, "strength">): Promise<FaceTrial> {
  const loaded = await import("./try-faces.ts");
  return loaded.tryFaces(work);
}
