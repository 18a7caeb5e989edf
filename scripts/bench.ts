import { parseArgs } from "node:util";
import { benchReuse } from "./bench/reuse.ts";
import { benchRun } from "./bench/run.ts";

/**
 * `npm run bench`: an upscale, part by part and whole, with a real gateway
 * (`[-- --json] [--clip film.mkv] [--model id] [--seconds 30]`).
 * `npm run bench -- reuse --media folder [--clip pattern] [--model id]`: what standing pictures save.
 * Figures are of this machine as loaded as it is: run it on an idle one.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    clip: { type: "string" },
    model: { type: "string" },
    seconds: { type: "string", default: "30" },
    media: { type: "string", default: "." },
  },
});

const [what = "run"] = positionals;
switch (what) {
  case "run":
    await benchRun({
      json: values.json,
      clip: values.clip,
      model: values.model ?? "upreel-x2-full16",
      seconds: Number(values.seconds),
    });
    break;
  case "reuse":
    await benchReuse(values.media, values.clip ?? "", values.model ?? "upreel-x2-live16x1-int8");
    break;
  default:
    console.error(`There is no benchmark ${what}: run (the default) or reuse`);
    process.exitCode = 2;
}
// Inference threads of the measurement are still there.
process.exit();
