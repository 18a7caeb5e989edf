import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { UpreelError, type ScansAnswer } from "@upreel/core";
import { installPlugin, listPlugins, pluginsFolder, setPluginEnabled } from "@upreel/scan";
import { callerFolder, loadConfig } from "../config.ts";
import { BUILT_IN_PLUGINS } from "../scans/built-in.ts";
import { gatewayUrl, readPluginLogs, readScans } from "./gateway-client.ts";

/** `upreel plugins`: what is in the plugins folder, and what a running gateway says of it. */
export async function showPlugins(): Promise<void> {
  const config = loadConfig();
  const folder = pluginsFolder(config.dataDir);
  const running = await readScans(gatewayUrl(config), config.apiToken).catch(() => undefined);
  for (const plugin of await listPlugins(folder, BUILT_IN_PLUGINS)) {
    if (plugin.kind === "refused") {
      console.log(`x ${plugin.folder}: cannot run`);
      for (const { path, message } of plugin.issues)
        console.log(`    ${path === "" ? message : `${path}: ${message}`}`);
      continue;
    }
    const { id, version, isEnabled, isBuiltIn, description, mediaTypes } = plugin;
    const where = isBuiltIn ? "built-in" : "installed";
    console.log(`${isEnabled ? "*" : " "} ${id.padEnd(24)} ${version.padEnd(9)} ${where}`);
    console.log(`    ${description === "" ? plugin.name : description}`);
    if (mediaTypes.length > 0) console.log(`    only for ${mediaTypes.join(", ")}`);
    for (const library of plugin.offIn) console.log(`    off for films in ${library}`);
    for (const line of stateLines(running, id)) console.log(`    ${line}`);
  }
  console.log(`\n* is turned on; the others are off. Plugins are in ${folder}`);
  const reason = running?.sandbox_reason ?? undefined;
  if (reason !== undefined) console.log(reason);
}

/** `upreel plugins install <folder or tarball>`. */
export async function install(
  source: string,
  { sha256 }: { readonly sha256?: string | undefined },
): Promise<void> {
  const { dataDir } = loadConfig();
  const place = resolve(callerFolder(), source);
  const { id, version } = await installPlugin(place, {
    pluginsDir: pluginsFolder(dataDir),
    sha256,
  });
  console.log(`${id} ${version} is installed and will look at the next film`);
}

/** `upreel plugins enable|disable <id> [--library <folder>]`. */
export async function switchPlugin(
  id: string,
  isEnabled: boolean,
  { library }: { readonly library?: string },
): Promise<void> {
  const folder = pluginsFolder(loadConfig().dataDir);
  const known = await listPlugins(folder, BUILT_IN_PLUGINS);
  const ids = known.flatMap((each) => (each.kind === "usable" ? [each.id] : []));
  if (!ids.includes(id))
    throw new UpreelError("not_found", `there is no plugin ${id}`, { expected: ids.join(", ") });
  // Films are known by where they really are.
  const real = library && (await realpath(resolve(callerFolder(), library)));
  await setPluginEnabled(folder, id, isEnabled, real);
  const where = real === undefined ? "" : ` for films in ${real}`;
  console.log(`${id} is ${isEnabled ? "on" : "off"}${where}, starting with the next film`);
}

/** `upreel plugins logs <id>`: what it wrote since the gateway was started. */
export async function showPluginLogs(id: string): Promise<void> {
  const config = loadConfig();
  const { lines } = await readPluginLogs(gatewayUrl(config), config.apiToken, id);
  for (const { at_ms: atMs, level, text } of lines)
    console.log(`${new Date(atMs).toISOString()} ${level.padEnd(5)} ${text}`);
}

function stateLines(running: ScansAnswer | undefined, id: string): readonly string[] {
  const plugin = running?.plugins.find((each) => each.id === id);
  if (plugin === undefined) return [];
  const { state, reason, files, chapters } = plugin;
  // Those that look for something else need not say that they found none.
  const found = chapters === 0 ? "" : `, found ${chapters} intros and credits`;
  return [`${state}${reason === null ? "" : `: ${reason}`}; looked at ${files} films${found}`];
}
