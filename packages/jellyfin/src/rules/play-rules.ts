/**
 * What playing an item in Jellyfin does. `off`: nothing, the film is not upscaled for this viewer.
 * `offer`: playing starts nothing; who asks for it (page, player panel, trigger) gets it. `ask`: the
 * upscale starts and a message says when it can be watched. `automatic`: the client is switched to it.
 */
export const PLAY_MODES = ["off", "offer", "ask", "automatic"] as const;
export type PlayMode = (typeof PLAY_MODES)[number];

/** One rule: all that it names must fit; one that names nothing fits everybody. */
export interface PlayRule {
  /** Name or id of a user. */
  readonly user?: string | undefined;
  /** Name of a library, or a folder as Jellyfin names it. */
  readonly library?: string | undefined;
  /** Name of a client program (`Jellyfin Web`) or of a device. */
  readonly client?: string | undefined;
  readonly mode: PlayMode;
}

/** Who plays what, as far as it is known. */
export interface PlaySituation {
  readonly userId?: string | undefined;
  readonly userName?: string | undefined;
  readonly library?: string | undefined;
  /** As Jellyfin names it. */
  readonly path?: string | undefined;
  readonly client?: string | undefined;
  readonly device?: string | undefined;
}

/** The first rule that fits decides; without one it is `automatic`. */
export function choosePlayMode(rules: readonly PlayRule[], situation: PlaySituation): PlayMode {
  return rules.find((rule) => fits(rule, situation))?.mode ?? "automatic";
}

function fits(rule: PlayRule, { userId, userName, library, path, client, device }: PlaySituation) {
  return (
    isOneOf(rule.user, [userId, userName]) &&
    (isOneOf(rule.library, [library]) || isInFolder(rule.library, path)) &&
    isOneOf(rule.client, [client, device])
  );
}

const bare = (text: string): string => text.trim().toLowerCase();

const isOneOf = (wanted: string | undefined, values: readonly (string | undefined)[]): boolean =>
  wanted === undefined ||
  values.some((value) => value !== undefined && bare(value) === bare(wanted));

function isInFolder(wanted: string | undefined, path: string | undefined): boolean {
  if (wanted === undefined || path === undefined || !/[\\/]/.test(wanted)) return false;
  const slashed = (text: string): string => text.replaceAll("\\", "/");
  return slashed(path).startsWith(`${slashed(wanted).replace(/\/$/, "")}/`);
}

/**
 * Reads `user=kids:off; client=Jellyfin Roku:ask; automatic`; a mode alone is for everybody else.
 * `undefined` when an entry is none.
 */
export function parsePlayRules(text: string): readonly PlayRule[] | undefined {
  const rules = text
    .split(";")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map(parseRule);
  return rules.every((rule) => rule !== undefined) ? rules : undefined;
}

function parseRule(entry: string): PlayRule | undefined {
  const [, what, name, given = ""] = /^(?:(user|library|client)=(.+):)?\s*(\w+)$/.exec(entry) ?? [];
  const mode = PLAY_MODES.find((known) => known === given);
  if (mode === undefined) return undefined;
  return what === undefined || name === undefined ? { mode } : { [what]: name.trim(), mode };
}
