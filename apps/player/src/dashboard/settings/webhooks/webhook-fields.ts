import type { WebhookKind } from "@upreel/core";

/** What the form holds; secrets that are kept are not known here. */
export interface WebhookFields {
  readonly name: string;
  readonly kind: WebhookKind;
  readonly url: string;
  readonly token: string;
  readonly secret: string;
  readonly events: readonly string[];
  readonly is_enabled: boolean;
}

/** What most people want to know. */
export const NEW_RECEIVER: WebhookFields = {
  ...{ name: "", kind: "discord", url: "", token: "", secret: "", is_enabled: true },
  events: ["film.finished", "film.failed", "worker.lost", "disk.low"],
};

/** What the gateway is told: texts that are left empty stay what they were. */
export function bodyOf({ name, kind, url, token, secret, events, ...rest }: WebhookFields) {
  const texts = Object.entries({ url, token, secret }).filter(([, text]) => text.trim() !== "");
  const { is_enabled: isOn } = rest;
  return {
    ...{ name: name.trim(), kind, events, is_enabled: isOn },
    ...Object.fromEntries(texts.map(([key, text]) => [key, text.trim()])),
  };
}

/** The events that patterns stand for: `film.*`. */
export const eventsOf = (
  patterns: readonly string[],
  names: readonly string[],
): readonly string[] =>
  names.filter((name) => patterns.some((pattern) => isMeant(pattern.split("."), name.split("."))));

const isMeant = (pattern: readonly string[], words: readonly string[]): boolean =>
  pattern.length === words.length &&
  pattern.every((word, at) => word === "*" || word === words[at]);
