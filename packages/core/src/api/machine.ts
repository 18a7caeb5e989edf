import { z } from "zod";
import { measurementSchema } from "../run/provider.ts";

/** `GET /hardware`. */
export const hardwareSchema = z.object({
  platform: z.string(),
  architecture: z.string(),
  cpu: z.object({
    model: z.string(),
    /** Logical cores that this process may use. */
    cores: z.int(),
    /** Instructions that networks gain from; null where the system does not tell. */
    instructions: z
      .object({
        avx2: z.boolean(),
        avx512: z.boolean(),
        /** int8 dot products: without them int8 networks gain little. */
        vnni: z.boolean(),
        amx: z.boolean(),
      })
      .nullable(),
  }),
  memory: z.object({
    total_bytes: z.int(),
    free_bytes: z.int(),
    /** Of the container; null without a bound. */
    limit_bytes: z.int().nullable(),
  }),
  /** Of the data folder; null when it cannot be looked at. */
  disk: z.object({ total_bytes: z.int(), free_bytes: z.int() }).nullable(),
  is_container: z.boolean(),
});
export type Hardware = z.infer<typeof hardwareSchema>;

/** `GET /addresses`: where other devices reach the pages, the likeliest first; none where only this machine can. */
export const addressesAnswerSchema = z.object({ urls: z.array(z.string()) });
export type AddressesAnswer = z.infer<typeof addressesAnswerSchema>;

/** `GET /gpus`. */
export const gpuReportSchema = z.object({
  gpus: z.array(
    z.object({
      device: z.string(),
      vendor: z.string(),
      /** Whether Upreel may open it. */
      is_open: z.boolean(),
    }),
  ),
  vulkan_drivers: z.array(z.string()),
  nvidia_driver: z.string().nullable(),
  providers: z.array(
    z.object({
      provider: z.string(),
      /** `works`: at least one network passed its proof run on it. */
      state: z.enum(["works", "refused", "missing", "unmeasured"]),
      message: z.string(),
      fix: z.string().nullable(),
    }),
  ),
});
export type GpuReport = z.infer<typeof gpuReportSchema>;

/** `GET /features`: what can be done here, and what it would take. */
export const featureSchema = z.object({
  feature: z.string(),
  is_available: z.boolean(),
  message: z.string(),
});
export type Feature = z.infer<typeof featureSchema>;

/** `GET /benchmark`. */
export const benchmarkSchema = z.object({
  /** `waiting`: for films that are being upscaled, beside which everything seems slow. */
  state: z.enum(["idle", "waiting", "running"]),
  done: z.int(),
  total: z.int(),
  rows: z.array(
    z.object({
      model: z.string(),
      provider: z.string(),
      measurement: measurementSchema,
      /** Frames a second of inference alone, by the size of the film; null: refused. */
      frames_per_second: z.record(z.string(), z.number()).nullable(),
    }),
  ),
});
export type Benchmark = z.infer<typeof benchmarkSchema>;
