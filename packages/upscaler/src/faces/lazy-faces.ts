import type { FaceTrial, FaceWork } from "@upreel/core";
import type { FacePictures } from "./face-pictures.ts";

/** tryFaces, loaded when it is called: the gateway imports this package without ONNX Runtime. */
export async function tryFaces(work: Omit<FaceWork, "strength">): Promise<FaceTrial> {
  const loaded = await import("./try-faces.ts");
  return loaded.tryFaces(work);
}

export async function openFacePictures(work: FaceWork, threads: number): Promise<FacePictures> {
  const loaded = await import("./face-pictures.ts");
  return loaded.openFacePictures(work, threads);
}
