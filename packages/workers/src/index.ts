export { createFarm, withFarm, type Farm } from "./farm/farm.ts";
export type { SeenWorker } from "./farm/see-worker.ts";
export type { FarmLink } from "./farm/farm-link.ts";
export {
  authorization,
  createGatewayClient,
  isUnwanted,
  parseFarmAddress,
  type FarmAddress,
  type FarmTarget,
} from "./farm/gateway-client.ts";
export { createSegmentSender } from "./farm/send-segments.ts";
export { keepConnected } from "./farm/keep-connected.ts";
export { linkOf } from "./farm/socket-link.ts";
export { workForFarm, type FarmShift, type FarmWork } from "./farm/work-for-farm.ts";
export { importInProcess, joinInProcess, tryFacesInProcess } from "./import-in-process.ts";
export { measureInProcess, type MeasureTask } from "./measure-in-process.ts";
export { makeStillInProcess } from "./still-in-process.ts";
export { createFilmLooker, type FilmLooker } from "./film-looker.ts";
export { createPictureMaker, type PictureMaker, type PictureOrder } from "./picture-maker.ts";
export { createWorkers, type ToneMapping, type WorkerPool } from "./worker-pool.ts";
export { startWorkerProcess } from "./worker-process.ts";
