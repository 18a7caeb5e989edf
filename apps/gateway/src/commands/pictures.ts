import type { LibraryPictures } from "@upreel/core";
import { loadConfig } from "../config.ts";
import { gatewayUrl, orderPictures, readPictures } from "./gateway-client.ts";

/** `upreel pictures`. */
export async function showPictures(): Promise<void> {
  const config = loadConfig();
  console.log(describe(await readPictures(gatewayUrl(config), config.apiToken)));
}

/** `upreel pictures start|stop|undo`. */
export async function tellPictures(order: string): Promise<void> {
  const config = loadConfig();
  console.log(describe(await orderPictures(gatewayUrl(config), config.apiToken, order)));
}

const describe = (pictures: LibraryPictures): string =>
  [
    `${pictures.state}${pictures.message === "" ? "" : `: ${pictures.message}`}`,
    `${pictures.done} done, ${pictures.looked_at} looked at, ${pictures.failed} failed`,
    `${pictures.kept} originals are kept`,
  ].join("; ");
