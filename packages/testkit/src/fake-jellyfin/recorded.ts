import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../fixtures/jellyfin", import.meta.url));

/** A request as the real webhook plugin sent it. */
export interface RecordedWebhook {
  /** As `PlaybackStart-ete-tpl-json`: event, item, destination. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** All 74 of them. */
export function recordedWebhooks(): readonly RecordedWebhook[] {
  return readdirSync(`${FOLDER}/webhooks`)
    .toSorted()
    .map((file) => ({
      name: file.replace(/\.json$/, ""),
      ...JSON.parse(readFileSync(`${FOLDER}/webhooks/${file}`, "utf8")),
    }));
}

/** A request of the real web client with the real server's answer. */
export interface RecordedExchange {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Readonly<Record<string, unknown>>;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    // oxlint-disable-next-line typescript/no-explicit-any -- JSON that tests look into
    readonly body: any;
  };
}

/** By the beginning of its file name, as `05-playbackinfo`. */
export function recordedExchange(name: string): RecordedExchange {
  return JSON.parse(readFileSync(fileOf(name), "utf8"));
}

/** The body alone, of the two that were kept without their request. */
export function recordedBody(name: string): unknown {
  return JSON.parse(readFileSync(fileOf(name), "utf8"));
}

function fileOf(name: string): string {
  const file = readdirSync(`${FOLDER}/recorded`).find((entry) => entry.startsWith(name));
  if (file === undefined) throw new Error(`no recorded exchange begins with ${name}`);
  return `${FOLDER}/recorded/${file}`;
}
