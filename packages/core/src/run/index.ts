export {
  FIRST_STEPS,
  noteStep,
  type FirstStep,
  type RunStep,
  type StepSubject,
} from "./first-steps.ts";
export {
  FRAME_FORMATS,
  FRAME_FORMAT_BYTES,
  PICTURE_FORMATS,
  pictureCommandSchema,
  pictureEventSchema,
  pictureSizeSchema,
  type FrameFormat,
  type MadePicture,
  type PictureCommand,
  type PictureEvent,
  type PictureFormat,
  type PictureSize,
  type PictureWish,
} from "./picture.ts";
export {
  runOrderSchema,
  resolvedRunSchema,
  refToRung,
  resolveSource,
  type FoundFile,
  type RunName,
  type RunOrder,
  type ResolvedRun,
  type RungRef,
  type SourceRef,
} from "./run-order.ts";
export {
  runEndSchema,
  workerCommandSchema,
  workerEventSchema,
  type RunEnd,
  type WorkerCommand,
  type WorkerEvent,
} from "./worker-messages.ts";
export { preciseNowMs } from "./precise-now.ts";
export {
  PROVIDERS,
  measurementSchema,
  rungMeasurementSchema,
  type Provider,
  type Measurement,
  type RungMeasurement,
} from "./provider.ts";
export { isElsewhere, machineOfWorker, workerOfMachine, type Offer } from "./offer.ts";
export {
  preparedModelSchema,
  importOutcomeSchema,
  joinOutcomeSchema,
  modelEntrySchema,
  type PreparedModel,
  type ChannelOrder,
  type ImportOutcome,
  type JoinOutcome,
  type ModelEntry,
  modelDownloadSchema,
  type ModelDownload,
} from "./model-import.ts";
export {
  stillOrderSchema,
  stillOutcomeSchema,
  compareAnswerSchema,
  type StillOrder,
  type StillOutcome,
  type CompareAnswer,
} from "./still.ts";
export {
  faceTrialOutcomeSchema,
  faceTrialSchema,
  type FaceTrial,
  type FaceTrialOutcome,
} from "./face-trial.ts";
