export {
  createUpscaler,
  type Upscaler,
  type FrameJob,
  type FrameJobResult,
  type RunningFrameJob,
} from "./upscaler.ts";
export { createCatalogue, type Catalogue } from "./catalogue.ts";
export { expectedSpeed } from "./expected-speed.ts";
export { timeModel } from "./time-model.ts";
export { LARGEST_MODEL_BYTES } from "./import/model-limits.ts";
export { prepareModel } from "./import/lazy-prepare.ts";
