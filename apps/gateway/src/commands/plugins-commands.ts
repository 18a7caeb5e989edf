import type { Command } from "commander";

/** `upreel plugins …`. */
export function addPluginsCommands(program: Command): void {
  const plugins = program
    .command("plugins")
    .description("list, install and switch plugins, which look at films");
  plugins
    .command("list", { isDefault: true })
    .description("list the plugins, and what is wrong with those that cannot run")
    .action(async () => {
      const { showPlugins } = await import("./plugins.ts");
      await showPlugins();
    });
  plugins
    .command("install")
    .description("copy a plugin to the data folder; one of the same id is replaced")
    .argument("<source>", "a folder with a plugin.json, or a tarball")
    .option("--sha256 <digits>", "of the tarball, from where the plugin is published")
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
      .description(`switch a plugin ${isEnabled ? "on" : "off"}, from the next film on`)
      .argument("<id>", "the plugin's id in the list")
      .option("--library <folder>", "for the films in this folder alone")
      .action(async (id: string, options: { library?: string }) => {
        const { switchPlugin } = await import("./plugins.ts");
        await switchPlugin(id, isEnabled, options);
      });
  plugins
    .command("logs")
    .description("show what a plugin wrote since the gateway was started")
    .argument("<id>", "the plugin's id in the list")
    .action(async (id: string) => {
      const { showPluginLogs } = await import("./plugins.ts");
      await showPluginLogs(id);
    });
}
