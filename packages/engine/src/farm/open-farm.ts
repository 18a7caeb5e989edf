import { join } from "node:path";
import type { EventSink, Log, Offer, OutputSize, Rung, SegmentSink, Timeline } from "@upreel/core";
import { toNumber } from "@upreel/core";
import { expectedSpeed } from "@upreel/upscaler";
import { createFarm, type Farm, type SeenWorker } from "@upreel/workers";
import { tellWorkers } from "../events/tell-workers.ts";
import type { KeptSpeeds } from "../measure/kept-speeds.ts";
import { seenSpeeds, type SeenSpeeds } from "../measure/seen-speeds.ts";
import type { EngineSettings } from "../settings.ts";
import { FARM_FILE, openFarmMembers, type FarmMembers } from "./farm-members.ts";

/** The farm for those who run it: which machines may join, and what those that are here do. */
export interface FarmDesk
  extends FarmMembers, Pick<Farm, "join" | "accept" | "requireRun" | "sourceOf" | "late"> {
  see(): readonly SeenWorker[];
}

export interface OpenedFarm {
  readonly farm: Farm;
  readonly desk: FarmDesk;
}

export async function openFarm(
  dataDir: string,
  {
    log,
    segments,
    events,
  }: {
    readonly log: Log;
    readonly segments: Pick<SegmentSink, "accept">;
    readonly events: EventSink;
  },
): Promise<OpenedFarm> {
  const members = await openFarmMembers(join(dataDir, FARM_FILE));
  const farm = createFarm({
    ...{ log, segments, nowMs: () => performance.now() },
    mayWork: (name) => members.mayWork(name),
    limitsOf: (name) => members.limitsOf(name),
    onPresence: tellWorkers(events),
  });
  const desk: FarmDesk = {
    ...members,
    join: (...worker) => farm.join(...worker),
    accept: (...segment) => farm.accept(...segment),
    requireRun: (...segment) => farm.requireRun(...segment),
    sourceOf: (token) => farm.sourceOf(token),
    late: () => farm.late(),
    see: () => members.names().map((name) => farm.see(name)),
    async remove(name) {
      await members.remove(name);
      farm.close(name, "its key was taken away");
    },
  };
  return { farm, desk };
}

/**
 * Film seconds a second that a rung makes at a place: as segments came from there, else as its own measurements
 * predict; undefined: not known.
 */
export const speedAt = (
  offer: Offer,
  { model }: Pick<Rung, "model">,
  output: OutputSize,
  { rate }: Pick<Timeline, "rate">,
  farm: Pick<Farm, "speeds">,
): number | undefined => {
  const { cores, speeds, weight = 1 } = offer;
  const seen = farm.speeds.of(offer.machine, model.id, output);
  if (seen !== undefined) return (weight * seen) / toNumber(rate);
  if (model.kind === "copy") {
    return expectedSpeed(
      { megapixelsPerSecond: undefined, provider: "ffmpeg", cores },
      output,
      rate,
    );
  }
  const proven = speeds.flatMap(({ model: id, provider, measurement }) =>
    id === model.id && measurement.outcome === "proven"
      ? [expectedSpeed({ ...measurement, provider, cores }, output, rate)]
      : [],
  );
  return proven.length === 0 ? undefined : weight * Math.max(...proven);
};

/** What this machine was seen to make, with what all others add. */
export const seenByFarm = (
  farm: Pick<Farm, "offers" | "speeds">,
  speeds: Pick<KeptSpeeds, "apply">,
  { farm: use }: Pick<EngineSettings, "farm">,
): SeenSpeeds =>
  seenSpeeds({
    speeds,
    speedElsewhere: (...asked) => speedOfOthers(farm, ...asked),
    onlyOthers: use === "only",
  });

/** `speedAt` of all machines that are here and can make this film, one place of each. */
function speedOfOthers(
  farm: Pick<Farm, "offers" | "speeds">,
  rung: Pick<Rung, "model">,
  output: OutputSize,
  timeline: Pick<Timeline, "rate">,
): number {
  const byMachine = new Map(
    farm.offers().map((offer) => [offer.machine, { ...offer, weight: undefined }]),
  );
  return [...byMachine.values()]
    .filter(({ encoders }) => encoders?.includes(output.encoder) !== false)
    .reduce((sum, offer) => sum + (speedAt(offer, rung, output, timeline, farm) ?? 0), 0);
}
