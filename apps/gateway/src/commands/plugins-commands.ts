import type { Command } from "commander";

/** `upreel plugins …`. */
export function addPluginsCommands(program: Command): void {
  const plugins = program
    .command("plugins")
    .description("list and install plugins, and turn them on and off");
  plugins
    .command("list", { isDefault: true })
    .description("list the plugins, and say why one cannot run")
    .action(async () => {
      const { showPlugins } = await import("./plugins.ts");
      await showPlugins();
    });
  plugins
    .command("install")
    .description("install a plugin; it replaces one with the same id")
    .argument("<source>", "a folder with a plugin.json, or a tarball")
    .option("--sha256 <digits>", "checksum of the tarball, as its publisher gives it")
    .action(async (source: string, options: { sha256?: string }) => {
      const { install } = await import("./plugins.ts");
      await install(source, options);
    });
  for (const [name, isEnabled] of [
    ["enable", true],
    ["disable", false],
  ] as const)
    plugins
      .command(name)
      .description(`turn a plugin ${isEnabled ? "on" : "off"}, starting with the next film`)
      .argument("<id>", "the plugin's id in the list")
      .option("--library <folder>", "only for films in this folder")
      .action(async (id: string, options: { library?: string }) => {
        const { switchPlugin } = await import("./plugins.ts");
        await switchPlugin(id, isEnabled, options);
      });
  plugins
    .command("logs")
    .description("show what a plugin has logged since the gateway started")
    .argument("<id>", "the plugin's id in the list")
    .action(async (id: string) => {
      const { showPluginLogs } = await import("./plugins.ts");
      await showPluginLogs(id);
    });
}
