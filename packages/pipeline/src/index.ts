export { startUpscale, type RunDependencies, type UpscaleRun } from "./run-upscale.ts";
export { makeStill } from "./make-still.ts";
export { servePictures, type PictureServer } from "./pictures/serve-pictures.ts";
