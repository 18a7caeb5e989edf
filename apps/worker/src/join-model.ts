import { writeFile } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { toReason, type JoinOutcome } from "@upreel/core";
import { readModel } from "@upreel/upscaler";

/**
 * `join-model.ts <in.onnx> <out.onnx>` writes a model with the weights of its second file inside, and prints
 * one line of JSON, a JoinOutcome. A process of its own, as `import-model.ts` is.
 */
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

async function joinModel(source: string, target: string): Promise<JoinOutcome> {
  await writeFile(target, await readModel(source), { flush: true });
  return { outcome: "joined" };
}

const [, , source, target] = process.argv;
if (source === undefined || target === undefined) {
  process.stderr.write("usage: join-model.ts <in.onnx> <out.onnx>\n");
  process.exit(2);
}
const outcome = await joinModel(source, target).catch((thrown: unknown): JoinOutcome => ({
  outcome: "refused",
  reason: toReason(thrown),
}));
console.log(JSON.stringify(outcome));
