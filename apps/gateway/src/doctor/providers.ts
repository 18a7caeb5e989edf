import type { ModelSpec, Provider, RungMeasurement, Finding } from "@upreel/core";
import { createCatalogue } from "@upreel/upscaler";
import type { Config } from "../config.ts";
import {
  explainFailure,
  missingFor,
  type Complaint,
  readGpuFacts,
  type GpuFacts,
  chooseRung,
  rungOn,
  twinOf,
  nameOfModel,
} from "@upreel/engine";
import { measureInProcess } from "@upreel/workers";
import { finding, good, sentence, warning } from "./findings.ts";
import { checkRuntime } from "./runtime.ts";

/** Speeds are told for this size of film: 640×360. */
const MEGAPIXELS_OF_360P = 0.2304;

/** Each provider that is allowed: tried with the smallest fp32 network, and what that showed. */
export async function checkProviders(
  config: Config,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const runtime = await checkRuntime(signal);
  if (runtime.verdict === "bad") return [runtime];
  const facts = await readGpuFacts(config.vulkanDrivers);
  const model = await probeNetwork();
  if (model === undefined) return [runtime];
  const worthwhile = config.providers.filter((each) => missingFor(each, facts) === undefined);
  const tasks = worthwhile.map((each) => ({ rung: rungOn(model, each, config.tileBytes) }));
  const measurements: RungMeasurement[] = [];
  try {
    for await (const measured of measureInProcess(tasks, signal)) measurements.push(measured);
  } catch (thrown) {
    return [runtime, warning("providers", "providers_interrupted", { reason: sentence(thrown) })];
  }
  const choice = chooseRung([model], {
    providers: config.providers,
    isByMeasuring: config.choosesProviderBySpeed,
    measurements,
  });
  const context = { facts, measurements, used: choice?.provider, config, model: model.id };
  return [runtime, ...config.providers.map((provider) => describeProvider(provider, context))];
}

interface Context {
  readonly facts: GpuFacts;
  readonly measurements: readonly RungMeasurement[];
  readonly used: Provider | undefined;
  readonly config: Config;
  /** Id of the network that was tried. */
  readonly model: string;
}

function describeProvider(provider: Provider, context: Context): Finding {
  const { facts, measurements, used, config } = context;
  const missing = missingFor(provider, facts);
  /** Who names a provider wants it; `auto` takes what there is. */
  const verdict = provider === "cpu" ? "bad" : config.choosesProviderBySpeed ? "note" : "warning";
  const complain = ({ code, values }: Complaint): Finding =>
    finding(verdict, provider, code, values);
  if (missing !== undefined) return complain(missing);
  const measured = measurements.find((each) => each.provider === provider)?.measurement;
  if (measured === undefined) return finding(verdict, provider, "provider_unchecked");
  if (measured.outcome === "refused")
    return complain(explainFailure(provider, measured.reason, facts));
  const fps = Math.round(measured.megapixelsPerSecond / MEGAPIXELS_OF_360P);
  const values = { fps, model: nameOfModel(context.model) };
  if (provider === used) return good(provider, "provider_used", values);
  const code = config.choosesProviderBySpeed ? "provider_slower" : "provider_later";
  return good(provider, code, { ...values, other: used ?? "another one" });
}

/** The smallest built-in network without int8, which no GPU has convolutions for. */
async function probeNetwork(): Promise<ModelSpec | undefined> {
  const networks = (await createCatalogue().models()).filter(
    ({ state, sizeBytes }) => state === "built-in" && sizeBytes > 0,
  );
  const specs = networks.flatMap((model) => ("spec" in model ? [model.spec] : []));
  return networks
    .toSorted((a, b) => a.sizeBytes - b.sizeBytes)
    .flatMap((model) => ("spec" in model ? [model.spec] : []))
    .find((spec) => twinOf(spec, specs) === undefined);
}
