export {
  createUpscaler,
  type Upscaler,
  type FrameJob,
  type FrameJobResult,
  type RunningFrameJob,
} from "./upscaler.ts";
export { createCatalogue, type Catalogue } from "./catalogue.ts";
