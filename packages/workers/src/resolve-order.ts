import {
  resolveSource,
  type ResolvedRun,
  type RunOrder,
  type RunResolvers,
  type SegmentFolder,
} from "@upreel/core";

/**
 * Turns the names of an order into files of this machine, the folder last: whoever gets it has to close
 * it. Rejects with what a resolver says.
 */
export async function resolveOrder(
  { source, rung, ...order }: RunOrder,
  { sources, models, segments }: RunResolvers,
  signal: AbortSignal,
): Promise<{ readonly run: ResolvedRun; readonly folder: SegmentFolder }> {
  const { model } = rung;
  const [found, file] = await Promise.all([
    sources.findSource(source, signal),
    model.kind === "copy" ? "" : models.fileOf(model, signal),
  ]);
  signal.throwIfAborted();
  const folder = await segments.open(order);
  const run: ResolvedRun = {
    ...order,
    folder: folder.path,
    source: resolveSource(source, found),
    rung: { ...rung, model: { ...model, file } },
  };
  return { run, folder };
}
