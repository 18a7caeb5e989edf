import { InvalidArgumentError, type Command } from "commander";

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 600)) throw new InvalidArgumentError("expected 1 to 600 seconds");
  return seconds;
}

/** `upreel cartridge …`. */
export function addCartridgeCommands(program: Command): void {
  const cartridge = program
    .command("cartridge")
    .description("put a shim in place of Jellyfin's ffmpeg, so that transcodes come out upscaled");
  const add = (name: string, text: string): Command =>
    cartridge
      .command(name)
      .description(text)
      .option(
        "--jellyfin [folder]",
        "the folder of Jellyfin's ffmpeg (default: where packages put it)",
      );
  add("install", "install it; a running gateway puts it back after updates of Jellyfin's ffmpeg")
    .option("--user <name>", "the user that Jellyfin runs as (default: jellyfin)")
    .option(
      "--wait <seconds>",
      "how long to wait for a segment before Jellyfin transcodes by itself",
      parseSeconds,
      15,
    )
    .action(async (options: { jellyfin?: string | true; user?: string; wait: number }) => {
      const { install } = await import("./cartridge.ts");
      await install(options);
    });
  add("status", "show whether it is installed, and whether it reaches the gateway").action(
    async (options: { jellyfin?: string | true }) => {
      const { showStatus } = await import("./cartridge.ts");
      await showStatus(options);
    },
  );
  add("uninstall", "remove it, without a trace").action(
    async (options: { jellyfin?: string | true }) => {
      const { uninstall } = await import("./cartridge.ts");
      await uninstall(options);
    },
  );
  add("analyze", "show what became of the last transcodes, or everything about one")
    .argument("[id]", "the id of one of them")
    .action(async (id: string | undefined, options: { jellyfin?: string | true }) => {
      const { analyze } = await import("./cartridge.ts");
      await analyze(id, options);
    });
}
