import type { Command } from "commander";

/** `upreel pictures …`. */
export function addPicturesCommands(program: Command): void {
  const pictures = program
    .command("pictures")
    .description("upscale Jellyfin's small posters, backdrops and photos");
  const add = (name: string, text: string, order: (options: { below: string }) => string) =>
    pictures
      .command(name)
      .description(text)
      .action(async (options: { below: string }) => {
        const { tellPictures } = await import("./pictures.ts");
        await tellPictures(order(options));
      });
  pictures
    .command("status", { isDefault: true })
    .description("show how far it has got")
    .action(async () => {
      const { showPictures } = await import("./pictures.ts");
      await showPictures();
    });
  add(
    "start",
    "upscale the small ones; the originals are kept",
    ({ below }) => `start?below=${encodeURIComponent(below)}`,
  ).option("--below <pixels>", "upscale pictures whose longer side is below this", "1000");
  add("stop", "stop after the current picture", () => "stop");
  add("undo", "put all originals back", () => "undo");
}
