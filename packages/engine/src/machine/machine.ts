import type {
  Benchmark,
  Feature,
  GpuReport,
  Hardware,
  RungMeasurement,
  VideoEncoder,
} from "@upreel/core";
import type { EngineSettings } from "../settings.ts";
import type { MeasurementKeeper } from "../measure/keep-measurements.ts";
import { explainFailure, missingFor } from "../hardware/explain-provider.ts";
import { readGpuFacts, type GpuFacts } from "../hardware/gpu-facts.ts";
import { readHardware } from "./read-hardware.ts";

/** What this machine is and can do. */
export interface Machine {
  hardware(): Promise<Hardware>;
  gpus(): Promise<GpuReport>;
  features(): Promise<readonly Feature[]>;
  /** One that works here, tried out when it is first asked for; rejects where no encoder works at all. */
  hardwareEncoder(): Promise<VideoEncoder | undefined>;
  benchmark(): Benchmark;
  /** Measures all models anew when no film is being upscaled. */
  startBenchmark(): Benchmark;
  /** Told at each step of a benchmark. */
  onBenchmark(listener: (benchmark: Benchmark) => void): () => void;
}

export interface MachineParts {
  readonly config: EngineSettings;
  readonly measurements: Pick<
    MeasurementKeeper,
    "known" | "progress" | "onProgress" | "measureAgain"
  >;
  /** The encoder that `VIDEO_ENCODER` came to. */
  readonly encoder: () => Promise<VideoEncoder>;
  /** That which `auto` comes to. */
  readonly bestEncoder: () => Promise<VideoEncoder>;
}

/** Film sizes that speeds are told for. */
const SIZES = { "640x360": 0.2304, "1280x720": 0.9216, "1920x1080": 2.0736 } as const;

export function createMachine({
  config,
  measurements,
  encoder,
  bestEncoder,
}: MachineParts): Machine {
  const facts = (): Promise<GpuFacts> => readGpuFacts(config.vulkanDrivers);
  const benchmark = (): Benchmark => ({
    ...measurements.progress(),
    rows: measurements.known().map(benchmarkRow),
  });
  return {
    hardware: async () => readHardware(config.dataDir, (await facts()).isContainer),
    async gpus() {
      const found = await facts();
      return {
        gpus: found.gpus.map(({ device, vendor, isOpen }) => ({ device, vendor, is_open: isOpen })),
        vulkan_drivers: [...found.vulkanDrivers],
        nvidia_driver: found.nvidiaDriver ?? null,
        providers: config.providers.map((provider) => {
          const missing = missingFor(provider, found);
          const told = (state: "missing" | "refused", message: string, fix?: string) => ({
            ...{ provider, state, message, fix: fix ?? null },
          });
          if (missing !== undefined) return told("missing", missing.message, missing.fix);
          const measured = measurements.known().filter((each) => each.provider === provider);
          const works = measured.filter(({ measurement }) => measurement.outcome === "proven");
          if (works.length > 0) {
            const message = `${works.length} of ${measured.length} models were tried on it and work`;
            return { provider, state: "works" as const, message, fix: null };
          }
          const failed = measured[0]?.measurement;
          if (failed?.outcome !== "refused") {
            const message = "no model was measured on it yet";
            return { provider, state: "unmeasured" as const, message, fix: null };
          }
          const { message, fix } = explainFailure(provider, failed.reason, found);
          return told("refused", message, fix);
        }),
      };
    },
    async features() {
      const [hardware, video] = await Promise.all([
        readHardware(config.dataDir, false),
        encoder().catch(() => "none"),
      ]);
      return listFeatures(hardware, video, measurements.known(), config);
    },
    async hardwareEncoder() {
      const best = await bestEncoder();
      return isSoftware(best) ? undefined : best;
    },
    benchmark,
    startBenchmark() {
      measurements.measureAgain();
      return benchmark();
    },
    onBenchmark: (listener) => measurements.onProgress(() => listener(benchmark())),
  };
}

const isSoftware = (encoder: string): boolean => encoder.startsWith("lib");

function listFeatures(
  { cpu }: Hardware,
  video: string,
  measured: readonly RungMeasurement[],
  config: EngineSettings,
): readonly Feature[] {
  const gpu = measured.find(
    ({ provider, measurement }) => provider !== "cpu" && measurement.outcome === "proven",
  );
  const hasVnni = cpu.instructions?.vnni === true;
  const isHardware = !isSoftware(video) && video !== "none";
  return [
    {
      ...{ feature: "int8", is_available: hasVnni },
      message: hasVnni
        ? "the processor has fast 8-bit instructions (VNNI)"
        : "the processor has no fast 8-bit instructions (VNNI)",
    },
    {
      ...{ feature: "gpu_networks", is_available: gpu !== undefined },
      message:
        gpu === undefined ? "no GPU runs models here: see /gpus" : `models run on ${gpu.provider}`,
    },
    {
      ...{ feature: "gpu_encoder", is_available: isHardware },
      message: `video is encoded by ${video}`,
    },
    {
      ...{ feature: "keep_up", is_available: config.keepsUp },
      message: config.keepsUp
        ? "a film that is being watched goes on with a faster model when upscaling falls behind"
        : "one model upscales everything, however slow it is (KEEP_UP=off)",
    },
  ];
}

const benchmarkRow = ({
  model,
  provider,
  measurement,
}: RungMeasurement): Benchmark["rows"][number] => ({
  ...{ model, provider, measurement },
  frames_per_second:
    measurement.outcome === "refused"
      ? null
      : Object.fromEntries(
          Object.entries(SIZES).map(([size, megapixels]) => [
            size,
            Math.round((100 * measurement.megapixelsPerSecond) / megapixels) / 100,
          ]),
        ),
});
