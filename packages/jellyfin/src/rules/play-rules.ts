/**
 * What playing an item in Jellyfin does. `off`: nothing, the film is not upscaled for this viewer.
 * `offer`: playing starts nothing; who asks for it (page, player panel, trigger) gets it. `ask`: the
 * upscale starts and a message says when it can be watched. `automatic`: the client is switched to it.
 */
export const PLAY_MODES = ["off", "offer", "ask", "automatic"] as const;
export type PlayMode = (typeof PLAY_MODES)[number];

/** How playing through the proxy begins: upscaled at once, or as the original, switched later. */
export const START_MODES = ["upscaled", "original"] as const;
type StartMode = (typeof START_MODES)[number];

export const SCOPES = ["user", "library", "client"] as const;

/** Whom a rule is for: all that it names must fit; one that names nothing fits everybody. */
export interface RuleScope {
  /** Name or id of a user. */
  readonly user?: string | undefined;
  /** Name of a library, or a folder as Jellyfin names it. */
  readonly library?: string | undefined;
  /** Name of a client program (`Jellyfin Web`) or of a device. */
  readonly client?: string | undefined;
}

interface Rule<Mode extends string> extends RuleScope {
  readonly mode: Mode;
}
export type PlayRule = Rule<PlayMode>;
export type StartRule = Rule<StartMode>;

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

/** As `choosePlayMode`, for how playing begins; without a fitting rule the machine's speed decides. */
export function chooseStart(
  rules: readonly StartRule[],
  situation: PlaySituation,
): StartMode | undefined {
  return rules.find((rule) => fits(rule, situation))?.mode;
}

/** Whether all that a rule names fits. */
export function fits(
  rule: RuleScope,
  { userId, userName, library, path, client, device }: PlaySituation,
): boolean {
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
export const parsePlayRules = (text: string): readonly PlayRule[] | undefined =>
  parseRules(text, PLAY_MODES);

/** Reads `client=Jellyfin Roku:original; upscaled`, likewise. */
export const parseStartRules = (text: string): readonly StartRule[] | undefined =>
  parseRules(text, START_MODES);

function parseRules<Mode extends string>(
  text: string,
  modes: readonly Mode[],
): readonly Rule<Mode>[] | undefined {
  const rules = text
    .split(";")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map((entry) => parseRule(entry, modes));
  return rules.every((rule) => rule !== undefined) ? rules : undefined;
}

function parseRule<Mode extends string>(
  entry: string,
  modes: readonly Mode[],
): Rule<Mode> | undefined {
  const [, what, name, given = ""] = /^(?:(user|library|client)=(.+):)?\s*(\w+)$/.exec(entry) ?? [];
  const mode = modes.find((known) => known === given);
  if (mode === undefined) return undefined;
  return what === undefined || name === undefined ? { mode } : { [what]: name.trim(), mode };
}
