import { openRig } from "./open-rig.ts";

/** A process of its own that looks at a film, to be killed: `node scan-in-process.ts DATA_DIR PATH PHASE`. */
const [dataDir = "", path = "", hangsIn = ""] = process.argv.slice(2);
const never = (): Promise<never> =>
  new Promise(() => {
    // Nothing else keeps this process.
    setInterval(() => undefined, 1e9);
  });
const say = (phase: string): void => void process.stdout.write(`${phase}\n`);

await using rig = openRig(dataDir, {
  async beforePrepare() {
    say("prepare");
    if (hangsIn === "prepare") await never();
  },
  beforePersist: () => say("persist"),
});
await rig.scan(path);
say("done");
