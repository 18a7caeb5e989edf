export { startUpscale, type RunDependencies, type UpscaleRun } from "./run-upscale.ts";
export { makeStill } from "./make-still.ts";
