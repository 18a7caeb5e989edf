import {
  acceptedAnswerSchema,
  addressesAnswerSchema,
  benchmarkSchema,
  compareAnswerSchema,
  doctorAnswerSchema,
  errorAnswerSchema,
  exportAnswerSchema,
  featureSchema,
  filmChoicesSchema,
  filmsAnswerSchema,
  folderListingSchema,
  gpuReportSchema,
  hardwareSchema,
  libraryAnswerSchema,
  lookupStatusSchema,
  modelEntrySchema,
  settingsAnswerSchema,
  streamStatusSchema,
  tracksAnswerSchema,
  triggerAnswerSchema,
} from "@upreel/core";
import { z } from "zod";

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { target: "draft-2020-12" });

/** Of answers, by the names that paths refer to. */
export const schemas = () => ({
  StreamStatus: schemaOf(streamStatusSchema),
  LibraryPlan: schemaOf(libraryAnswerSchema),
  LookupStatus: schemaOf(lookupStatusSchema),
  AcceptedAnswer: schemaOf(acceptedAnswerSchema),
  TriggerAnswer: schemaOf(triggerAnswerSchema),
  ExportedFilm: schemaOf(exportAnswerSchema),
  Model: schemaOf(modelEntrySchema),
  Addresses: schemaOf(addressesAnswerSchema),
  Hardware: schemaOf(hardwareSchema),
  GpuReport: schemaOf(gpuReportSchema),
  Feature: schemaOf(featureSchema),
  DoctorAnswer: schemaOf(doctorAnswerSchema),
  Films: schemaOf(filmsAnswerSchema),
  FilmChoices: schemaOf(filmChoicesSchema),
  FolderListing: schemaOf(folderListingSchema),
  SettingsAnswer: schemaOf(settingsAnswerSchema),
  Benchmark: schemaOf(benchmarkSchema),
  Compare: schemaOf(compareAnswerSchema),
  Tracks: schemaOf(tracksAnswerSchema),
  Error: schemaOf(errorAnswerSchema),
});
