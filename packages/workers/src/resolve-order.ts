import {
  resolveSource,
  type FaceWork,
  type ResolvedRun,
  type RunOrder,
  type RunResolvers,
  type Rung,
  type RungRef,
  type SegmentFolder,
} from "@upreel/core";

/**
 * Turns the names of an order into files of this machine, the folder last: whoever gets it has to close
 * it. Rejects with what a resolver says.
 */
export async function resolveOrder(
  { source, rung, otherRungs = [], ...order }: RunOrder,
  { sources, models, segments }: RunResolvers,
  signal: AbortSignal,
): Promise<{ readonly run: ResolvedRun; readonly folder: SegmentFolder }> {
  const resolveRung = async ({ model, faces, ...rest }: RungRef): Promise<Rung> => {
    const file = model.kind === "copy" ? "" : await models.fileOf(model, signal);
    const rung = { ...rest, model: { ...model, file } };
    return faces === undefined ? rung : { ...rung, faces: await resolveFaces(faces) };
  };
  // The run can do without what is not here: the stage that is to load it says so, and leaves faces as they are.
  const resolveFace = async <T extends Pick<RungRef["model"], "id" | "hash">>(network: T) => ({
    ...network,
    file: await models.fileOf(network, signal).catch(() => `${network.id} (no longer here)`),
  });
  const resolveFaces = async (faces: NonNullable<RungRef["faces"]>): Promise<FaceWork> => {
    const { detector, restorer } = faces;
    const found = await Promise.all([resolveFace(detector), resolveFace(restorer)]);
    return { ...faces, detector: found[0], restorer: found[1] };
  };
  const [found, first, others] = await Promise.all([
    sources.findSource(source, signal),
    resolveRung(rung),
    // The run can do without those that are not here.
    Promise.all(otherRungs.map((other) => resolveRung(other).catch(() => undefined))),
  ]);
  signal.throwIfAborted();
  const folder = await segments.open(order);
  const run: ResolvedRun = {
    ...order,
    folder: folder.path,
    source: resolveSource(source, found),
    rung: first,
    otherRungs: others.filter((other) => other !== undefined),
  };
  return { run, folder };
}
