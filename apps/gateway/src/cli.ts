#!/usr/bin/env node
import { toUpreelError } from "@upreel/core";
import { Command, InvalidArgumentError, Option } from "commander";
import { addCartridgeCommands } from "./commands/cartridge-commands.ts";
import { addFacesCommands } from "./commands/faces-commands.ts";
import { addFarmCommands } from "./commands/farm-commands.ts";
import { addModelsCommands } from "./commands/models-commands.ts";
import { addPicturesCommands } from "./commands/pictures-commands.ts";
import { addPluginsCommands } from "./commands/plugins-commands.ts";
import { keepCompiledCode } from "./compile-cache.ts";
import { isDebugging } from "./config.ts";
import { VERSION } from "./version.ts";

keepCompiledCode();

/** Hours as `--older-than` takes them. */
function parseHours(text: string): number {
  const hours = Number(text);
  if (text.trim() === "" || !Number.isFinite(hours) || hours < 0)
    throw new InvalidArgumentError("expected a number of hours, 0 or more");
  return hours;
}

const program = new Command("upreel")
  .description("Real-time upscaling gateway: watch a film upscaled while it is being made")
  .version(VERSION)
  .showHelpAfterError();

// Each command loads its own code: `serve` must listen quickly, `--help` at once.
program
  .command("serve")
  .description("run the gateway; with films, also start them and print how to watch them")
  .argument("[films...]", "films to start at once, or folders of films")
  .option("-y, --yes", "start all films of a folder without asking", false)
  .option(
    "--share",
    "let phones and TVs of your network in; prints the address and a QR code",
    false,
  )
  .action(async (films: string[], options: { yes: boolean; share: boolean }) => {
    const { serve } = await import("./commands/serve.ts");
    await serve(films, options);
  });

// One gateway process; `serve` starts it, and starts it again should it die.
program
  .command("gateway", { hidden: true })
  .argument("[films...]")
  .requiredOption("--url <url>", "where the supervisor listens")
  .option("--proxy-url <url>", "where it listens for Jellyfin's clients")
  .option("--again", "it ran before: do not start the films again", false)
  .option("--share", "say how other devices get in", false)
  .action(
    async (
      films: string[],
      options: { url: string; proxyUrl?: string; again: boolean; share: boolean },
    ) => {
      const { gateway } = await import("./commands/gateway.ts");
      try {
        await gateway(films, options);
      } finally {
        // However it ends: the open channel to the supervisor would keep this process.
        process.disconnect?.();
      }
    },
  );

program
  .command("upscale")
  .description("upscale one film to a .ts file, with a progress bar, or one picture")
  .argument("<in>", "the film or the picture")
  .argument(
    "<out>",
    "where the result goes: .ts for a film, .png, .jpg or .webp for a picture; the file appears when it is complete",
  )
  .option("--hls <dir>", "also keep the HLS playlist and segments in this folder")
  .option("--model <id>", "fastest, fast, balanced, best, or a model (see `upreel models`)")
  .option("--scale <factor>", "how many times wider and higher (default: SCALE)")
  .option("--target-height <lines>", "largest height of the picture")
  .option("--sharpness <strength>", "0 (faithful) to 1 (crisp; default: SHARPNESS)")
  .option("--quality <crf>", "quality of the video, 0 (best) to 51 (default: QUALITY)")
  .option("--audio <track>", "audio track: its index in the file, or a language such as en")
  .option("--faces <strength>", "restore faces, from 0 to 1 (after `upreel faces download`)")
  .action(
    async (
      input: string,
      output: string,
      {
        hls,
        targetHeight,
        faces,
        ...wish
      }: { hls?: string; targetHeight?: string; faces?: string },
    ) => {
      const { isPictureName, upscalePicture } = await import("./commands/upscale-picture.ts");
      if (isPictureName(output))
        return await upscalePicture(input, output, { hls, targetHeight, faces, ...wish });
      const { upscale } = await import("./commands/upscale.ts");
      const restored = faces === undefined ? {} : { faces: "on", face_strength: faces };
      const wishes = { ...wish, ...restored, target_height: targetHeight };
      await upscale(input, output, { hls, wish: wishes });
    },
  );

program
  .command("status")
  .description("show what a running gateway is upscaling")
  .argument("[url]", "the gateway's address, or the check_url of one film")
  .action(async (url: string | undefined) => {
    const { status } = await import("./commands/status.ts");
    await status(url);
  });

program
  .command("clean")
  .description("delete unfinished work from the data folder; finished films are kept")
  .option("--older-than <hours>", "only what has not been used for this many hours", parseHours, 1)
  .option("--dry-run", "only show what would be deleted", false)
  .action(async (options: { olderThan: number; dryRun: boolean }) => {
    const { clean } = await import("./commands/clean.ts");
    await clean(options);
  });

program
  .command("export")
  .description("write a finished film to one file with all tracks of the original")
  .argument("<id>", "the film's id (see `upreel status`)")
  .addOption(
    new Option(
      "--format <format>",
      "output format (default: the EXPORT setting, else mkv)",
    ).choices(["mkv", "mp4"]),
  )
  .action(async (id: string, options: { format?: "mkv" | "mp4" }) => {
    const { exportCommand } = await import("./commands/export.ts");
    await exportCommand(id, options);
  });

program
  .command("plan")
  .description("show which films a running gateway will upscale ahead of time (LIBRARY_RULES)")
  .option("--start", "start now, whatever LIBRARY_HOURS says", false)
  .action(async (options: { start: boolean }) => {
    const { plan } = await import("./commands/plan.ts");
    await plan(options);
  });

addModelsCommands(program);
addFacesCommands(program);
addFarmCommands(program);

program
  .command("worker")
  .description("upscale for a gateway on another computer")
  .requiredOption("--join <address>", "the address that `upreel farm add` printed there")
  .option(
    "--path-map <from=to...>",
    "a film folder on the gateway, and the same folder here; other films are read over HTTP",
  )
  .action(async (options: { join: string; pathMap?: string[] }) => {
    const { worker } = await import("./commands/worker.ts");
    await worker(options);
  });

addPluginsCommands(program);
addCartridgeCommands(program);
addPicturesCommands(program);

program
  .command("doctor")
  .description(
    "check everything that Upreel needs on this machine and say how to fix what does not work",
  )
  .action(async () => {
    const { doctor } = await import("./commands/doctor.ts");
    await doctor();
  });

try {
  await program.parseAsync();
} catch (thrown) {
  const error = toUpreelError(thrown);
  const detail = [
    error.expected === undefined ? "" : `; expected ${error.expected}`,
    error.got === undefined ? "" : `; got ${error.got}`,
  ].join("");
  process.stderr.write(`upreel: ${error.message}${detail}\n`);
  if (isDebugging()) console.error(error);
  // 130: what shells expect of a program that Ctrl-C ended
  process.exitCode = error.code === "cancelled" ? 130 : 1;
}
