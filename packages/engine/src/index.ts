export { tellFilms } from "./events/tell-films.ts";
export { aloneAmongGateways } from "./disk/alone-among-gateways.ts";
export { keepEvictedFilms, type EvictedFilms } from "./disk/evicted-films.ts";
export { keepQueue, type FilmQueue } from "./queue/keep-queue.ts";
export { openFaceLibrary, type FaceLibrary } from "./faces/face-library.ts";
export { openFaceModels, type FaceModels, type FacesHere } from "./faces/face-models.ts";
export { keepDisk } from "./disk/keep-disk.ts";
export { isExportBesideSource } from "./export/export-names.ts";
export { exportStream } from "./export/export-stream.ts";
export { createExporter, type Exporter } from "./export/exporter.ts";
export { joinFarm, type JoinOptions } from "./farm/join-farm.ts";
export { openFarm, type FarmDesk } from "./farm/open-farm.ts";
export { foreseeFilm, type ForeseeDependencies, type Foreseen } from "./films/foresee-film.ts";
export { PREVIEW_SCENES, type FilmPreview, type PreviewWish } from "./films/film-preview.ts";
export type { FilmSizes } from "./films/film-sizes.ts";
export { RESUME_FOR, resumeFor } from "./films/resume-for.ts";
export {
  configuredProfile,
  findFilm,
  makeEvictedAgain,
  resumeStream,
  triggerFilm,
  type FilmDependencies,
} from "./films/trigger.ts";
export { explainFailure, missingFor, type Complaint } from "./hardware/explain-provider.ts";
export { compiledEngines } from "./hardware/compiled-engines.ts";
export { readGpuFacts, type GpuFacts } from "./hardware/gpu-facts.ts";
export { examineToneMapper } from "./hardware/tone-mapper.ts";
export { createMachine, type Machine } from "./machine/machine.ts";
export { chooseRung } from "./measure/choose-rung.ts";
export { keepMeasurements } from "./measure/keep-measurements.ts";
export { isBusy, untilIdle } from "./measure/until-idle.ts";
export { rungOn } from "./measure/rung-on.ts";
export { twinOf } from "./models/variants.ts";
export type { Models } from "./models/models-api.ts";
export { nameOfModel } from "./models/name-of-model.ts";
export type { FilmSize } from "./ladder/ladder.ts";
export { readSecret } from "./installation-secret.ts";
export { openEngine } from "./open-engine.ts";
export { openModels } from "./open-models.ts";
export {
  createPictures,
  MOST_PICTURE_PIXELS,
  type PictureRequest,
  type Pictures,
  type UpscaledPicture,
} from "./pictures/pictures.ts";
export { openPictures } from "./pictures/open-pictures.ts";
export { nameRung } from "./pictures/name-rung.ts";
export { measureVariant } from "./renditions/measure-variant.ts";
export { offerAudio, type AudioWish, type OfferedAudio } from "./renditions/offer-audio.ts";
export { offerDrawn, offerSubtitles, requireText } from "./renditions/subtitles/offer-subtitles.ts";
export { durationsMicros, type OriginalIndex } from "./renditions/original/original-index.ts";
export type { FilmSubtitle } from "./renditions/subtitles/subtitles-beside.ts";
export { createRenditions, parseRendition, type Renditions } from "./renditions/renditions.ts";
export { ORIGINAL } from "./renditions/stills.ts";
export type { EngineSettings, Watermark } from "./settings.ts";
