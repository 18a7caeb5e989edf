import type { Command } from "commander";
import type { LimitOptions } from "./farm.ts";

/** `upreel farm …`. */
export function addFarmCommands(program: Command): void {
  const farm = program.command("farm").description("other computers that upscale for this one");
  farm
    .command("list", { isDefault: true })
    .description("show the workers, what they are and what they make")
    .action(async () => {
      const { listFarm } = await import("./farm.ts");
      await listFarm();
    });
  farm
    .command("add")
    .description("let another computer join; prints the line to type there")
    .argument("<name>", "a name for it: small letters, digits and dashes")
    .action(async (name: string) => {
      const { addWorker } = await import("./farm.ts");
      await addWorker(name);
    });
  farm
    .command("set")
    .description("say what a worker may be used for; `none` takes a limit away")
    .argument("<name>", "the worker's name")
    .option("--streams <count>", "films at a time")
    .option("--hours <from-to>", "when it may work: 22:00-07:00")
    .option("--weight <number>", "its share of a film: 0.5 is half of what its speed would give it")
    .option("--mbit <number>", "of its line each way, for films and segments; 4 at least")
    .option("--while-in-use <on|off>", "whether it works while its owner plays or works there")
    .action(async (name: string, options: LimitOptions) => {
      const { limitWorker } = await import("./farm.ts");
      await limitWorker(name, options);
    });
  for (const [what, text] of [
    ["remove", "take a worker's key away"],
    ["pause", "give a worker nothing to do; what it makes goes to others after its segment"],
    ["drain", "as pause, before it is switched off"],
    ["resume", "give a worker something to do again"],
  ] as const)
    farm
      .command(what)
      .description(text)
      .argument("<name>", "the worker's name")
      .action(async (name: string) => {
        const { tellWorker } = await import("./farm.ts");
        await tellWorker(name, what);
      });
}
