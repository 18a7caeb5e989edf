import type { Command } from "commander";

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
