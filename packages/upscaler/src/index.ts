import "./no-telemetry.ts";
export { createUpscaler, type Upscaler } from "./upscaler.ts";
export { rungsOf, type FrameJob, type FrameJobResult, type RunningFrameJob } from "./frame-job.ts";
export { createFaceStage, type FaceStage, type RunningFaceJob } from "./faces/face-stage.ts";
export type { FacePictures } from "./faces/face-pictures.ts";
export { openFacePictures, tryFaces } from "./faces/lazy-faces.ts";
export { readPublicFaceModels, type PublicFaceModel } from "./faces/public-faces.ts";
export type { FrameForm } from "./faces/frame-form.ts";
export {
  createCatalogue,
  type Catalogue,
  type CatalogueModel,
  type ImportOptions,
} from "./catalogue.ts";
export { threadsFor } from "./fitting-threads.ts";
export { expectedSpeed } from "./expected-speed.ts";
export { isGpu } from "./providers/session-options.ts";
export { measureQuickly, measureRung } from "./measure/lazy-measure.ts";
export { LARGEST_MODEL_BYTES } from "./import/model-limits.ts";
export { prepareModel } from "./import/lazy-prepare.ts";
export type { SettledModel } from "./import/model-folder.ts";
export type { PrepareFile } from "./import/adapted-store.ts";
export { modelIdOf } from "./import/model-id.ts";
export { readModel } from "./import/lazy-read.ts";
export { readPublicModels, type PublicModel } from "./public-models/public-models.ts";
export { openPictureNetwork } from "./pictures/lazy-pictures.ts";
export type { PictureNetwork } from "./pictures/picture-network.ts";
export type { Picture } from "./pictures/picture-planes.ts";
