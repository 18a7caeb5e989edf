import { z } from "zod";
import { reasonSchema } from "../stream/stream.ts";

/** Execution providers of ONNX Runtime that Upreel can use, usually the fastest first. */
export const PROVIDERS = ["tensorrt", "cuda", "coreml", "dml", "webgpu", "cpu"] as const;
export type Provider = (typeof PROVIDERS)[number];

/** What trying a network on a provider showed. */
export const measurementSchema = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("proven"),
    /** Input that one thread infers, alone; on a GPU all threads share it. */
    megapixelsPerSecond: z.number().positive(),
    /** PSNR to what it was compared with: `cpu`, or the fp32 twin of an int8 network; null: to nothing. */
    likenessDb: z.number().nullable(),
    /** Nodes of the graph by the provider that really ran them. */
    nodes: z.record(z.string(), z.int()),
  }),
  z.object({ outcome: z.literal("refused"), reason: reasonSchema }),
]);
export type Measurement = z.infer<typeof measurementSchema>;

/** A measurement and what it is of. */
export const rungMeasurementSchema = z.object({
  model: z.string(),
  provider: z.string(),
  measurement: measurementSchema,
});
export type RungMeasurement = z.infer<typeof rungMeasurementSchema>;
