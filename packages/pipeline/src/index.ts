export { startUpscale, type RunDependencies, type UpscaleRun } from "./run-upscale.ts";
