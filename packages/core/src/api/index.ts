export {
  modelOrderSchema,
  type ModelOrder,
  streamStatusSchema,
  toldStatusSchema,
  type StreamStatus,
} from "./stream-status.ts";
export {
  acceptedAnswerSchema,
  lookupStatusSchema,
  triggerAnswerSchema,
  errorAnswerSchema,
  exportAnswerSchema,
  type AcceptedAnswer,
  type LookupStatus,
  type TriggerAnswer,
  type ErrorAnswer,
  type ExportAnswer,
} from "./answers.ts";
export {
  libraryAnswerSchema,
  libraryPicturesSchema,
  type LibraryAnswer,
  type LibraryPictures,
} from "./library-answers.ts";
export { queueAnswerSchema, queueMoveSchema, type QueueAnswer, type QueueMove } from "./queue.ts";
export { tracksAnswerSchema, type DrawnFormat, type TracksAnswer } from "./tracks-answer.ts";
export {
  folderListingSchema,
  settingsAnswerSchema,
  doctorAnswerSchema,
  type FolderEntry,
  type FolderListing,
  type Setting,
  type SettingsAnswer,
  type Finding,
  type DoctorAnswer,
} from "./dashboard.ts";
export {
  FILM_BADGES,
  FILM_SORTS,
  filmChoicesSchema,
  type FilmChoice,
  type FilmChoices,
  filmsAnswerSchema,
  type Film,
  type FilmsAnswer,
  type FilmSort,
  placeAnswerSchema,
  type FilmPlace,
  type PlaceAnswer,
} from "./films.ts";
export {
  filmSegmentsSchema,
  pluginChangeSchema,
  pluginLogsSchema,
  scanJobSchema,
  scansAnswerSchema,
  type FilmSegments,
  type PluginLogs,
  type ScanJob,
  type ScansAnswer,
} from "./scans.ts";
export {
  hardwareSchema,
  gpuReportSchema,
  featureSchema,
  benchmarkSchema,
  addressesAnswerSchema,
  type AddressesAnswer,
  type Hardware,
  type GpuReport,
  type Feature,
  type Benchmark,
} from "./machine.ts";
