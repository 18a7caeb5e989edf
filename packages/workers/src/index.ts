export { importInProcess, joinInProcess } from "./import-in-process.ts";
export { measureInProcess, type MeasureTask } from "./measure-in-process.ts";
export { makeStillInProcess } from "./still-in-process.ts";
export { createPictureMaker, type PictureMaker, type PictureOrder } from "./picture-maker.ts";
export { createWorkers, type WorkerPool } from "./worker-pool.ts";
export { startWorkerProcess } from "./worker-process.ts";
