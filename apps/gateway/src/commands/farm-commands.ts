import type { Command } from "commander";
import type { LimitOptions } from "./farm.ts";

/** `upreel farm …`. */
export function addFarmCommands(program: Command): void {
  const farm = program.command("farm").description("other computers that upscale for this one");
  farm
    .command("list", { isDefault: true })
    .description("list the workers, with their speed and their work")
    .action(async () => {
      const { listFarm } = await import("./farm.ts");
      await listFarm();
    });
  farm
    .command("add")
    .description("let another computer join; prints the command to run there")
    .argument("<name>", "a name for it: small letters, digits and dashes")
    .action(async (name: string) => {
      const { addWorker } = await import("./farm.ts");
      await addWorker(name);
    });
  farm
    .command("set")
    .description("limit a worker; `none` removes a limit")
    .argument("<name>", "the worker's name")
    .option("--streams <count>", "films at a time")
    .option("--hours <from-to>", "when it may work: 22:00-07:00")
    .option(
      "--weight <number>",
      "its share of the work: 0.5 is half of what its speed would give it",
    )
    .option("--mbit <number>", "its network traffic each way, at most; 4 or more")
    .option("--while-in-use <on|off>", "whether it works while somebody uses it")
    .action(async (name: string, options: LimitOptions) => {
      const { limitWorker } = await import("./farm.ts");
      await limitWorker(name, options);
    });
  for (const [what, text] of [
    ["remove", "remove a worker; its key is revoked at once"],
    ["pause", "give a worker no more work; it ends its segment, and the rest goes to others"],
    ["drain", "the same as pause, before you switch the worker off"],
    ["resume", "let a worker work again"],
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
