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
  const resolveFaces = async (faces: NonNullable<RungRef["faces"]>): Promise<FaceWork> => {
    const [detector, restorer] = await Promise.all(
      [faces.detector, faces.restorer].map((network) => models.fileOf(network, signal)),
    );
    return {
      ...faces,
      detector: { ...faces.detector, file: detector ?? "" },
      restorer: { ...faces.restorer, file: restorer ?? "" },
    };
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
