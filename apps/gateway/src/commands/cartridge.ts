import { resolve } from "node:path";
import { toUpreelError } from "@upreel/core";
import { describeSession, readSessions, sessionLine, summarize } from "../cartridge/analyze.ts";
import { readCartridge } from "../cartridge/cartridge-file.ts";
import { cartridgePaths } from "../cartridge/install/cartridge-paths.ts";
import { findJellyfin, findOwner } from "../cartridge/install/find-jellyfin.ts";
import {
  installCartridge,
  readVersion,
  uninstallCartridge,
} from "../cartridge/install/install-cartridge.ts";
import { knownCartridges } from "../cartridge/install/known-cartridges.ts";
import { readShim, shimText } from "../cartridge/install/shim.ts";
import { callerFolder, loadConfig } from "../config.ts";
import { gatewayUrl, listStreams } from "./gateway-client.ts";

interface Where {
  /** `true`: the option without a folder. */
  readonly jellyfin?: string | true;
}

/** Of several cartridges the first one, where none is named. */
const folderOf = async ({ jellyfin }: Where): Promise<string> =>
  findJellyfin(
    typeof jellyfin === "string" ? resolve(callerFolder(), jellyfin) : undefined,
    await knownCartridges(loadConfig().dataDir).list(),
  );

/** `upreel cartridge install`. */
export async function install(
  options: Where & { readonly user?: string; readonly wait: number },
): Promise<void> {
  const config = loadConfig();
  const folder = await folderOf(options);
  await installCartridge(folder, {
    ...{ url: gatewayUrl(config), token: config.apiToken, wait_seconds: options.wait },
    owner: await findOwner(options.user),
  });
  await knownCartridges(config.dataDir).add(folder);
  console.log(`The cartridge is in ${folder}; Jellyfin need not be restarted.`);
  await showStatus({ jellyfin: folder });
}

/** `upreel cartridge uninstall`. */
export async function uninstall(where: Where): Promise<void> {
  const folder = await folderOf(where);
  await uninstallCartridge(folder);
  await knownCartridges(loadConfig().dataDir).remove(folder);
  console.log(`Jellyfin's own ffmpeg is back in ${folder}.`);
}

/** `upreel cartridge status`. Its exit code says whether all is well. */
export async function showStatus(where: Where): Promise<void> {
  const folder = await folderOf(where);
  const { ffmpeg, file, sessions } = cartridgePaths(folder);
  const shim = await readShim(ffmpeg);
  if (shim === undefined) {
    console.log(`x no cartridge in ${folder}: \`upreel cartridge install\``);
    process.exitCode = 1;
    return;
  }
  const isCurrent = shim === shimText(folder);
  await check(`it is installed in ${folder}`, "it belongs to another Upreel", async () => {
    if (!isCurrent) throw new Error("`upreel cartridge install` renews it");
  });
  await check(
    "Jellyfin's ffmpeg works behind it",
    "Jellyfin's ffmpeg does not work behind it",
    async () => readVersion(ffmpeg),
  );
  await check("the gateway answers", "the gateway does not answer", async () => {
    const { url, token } = readCartridge(file);
    await listStreams(url, token);
    return url;
  });
  const [last] = await readSessions(sessions);
  console.log(last === undefined ? "no transcode yet" : `last transcode: ${sessionLine(last)}`);
}

async function check(
  well: string,
  otherwise: string,
  look: () => Promise<string | undefined | void>,
): Promise<void> {
  try {
    const found = await look();
    console.log(`* ${well}${typeof found === "string" ? `: ${found}` : ""}`);
  } catch (thrown) {
    console.log(`x ${otherwise}: ${toUpreelError(thrown).message}`);
    process.exitCode = 1;
  }
}

/** `upreel cartridge analyze`. */
export async function analyze(id: string | undefined, where: Where): Promise<void> {
  const { sessions } = cartridgePaths(await folderOf(where));
  if (id !== undefined) {
    for (const line of await describeSession(sessions, id)) console.log(line);
    return;
  }
  const known = await readSessions(sessions);
  for (const line of summarize(known)) console.log(line);
  if (known.length > 0) console.log("");
  for (const session of known.slice(0, MOST_LINES)) console.log(sessionLine(session));
}

const MOST_LINES = 20;
