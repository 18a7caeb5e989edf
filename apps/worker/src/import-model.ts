import { writeFile } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { toReason, type ChannelOrder, type ImportOutcome } from "@upreel/core";
import { prepareModel, readModel } from "@upreel/upscaler";

/**
 * `import-model.ts <in> <out.onnx> [rgb|bgr]` writes the network as Upreel runs it and prints one line of JSON, an
 * ImportOutcome. A process of its own: a model that kills the runtime or takes all memory ends only
 * this, and so does whoever started it when it takes too long.
 */
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

async function importModel(
  source: string,
  target: string,
  order: ChannelOrder,
): Promise<ImportOutcome> {
  // Nothing interrupts a run: the bound on time is that of the process.
  const { signal } = new AbortController();
  const prepared = await prepareModel(await readModel(source), { order, signal });
  await writeFile(target, prepared.bytes, { flush: true });
  return { outcome: "prepared", model: prepared.model };
}

const [, , source, target, order] = process.argv;
if (source === undefined || target === undefined) {
  process.stderr.write("usage: import-model.ts <in.onnx> <out.onnx>\n");
  process.exit(2);
}
const outcome = await importModel(source, target, order === "bgr" ? "bgr" : "rgb").catch(
  (thrown: unknown): ImportOutcome => ({
    outcome: "refused",
    reason: toReason(thrown),
  }),
);
console.log(JSON.stringify(outcome));
