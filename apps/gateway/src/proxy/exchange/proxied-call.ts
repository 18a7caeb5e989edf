/** What a request to Jellyfin means to the gateway. */
export type ProxiedCall =
  | { readonly kind: "playback_info"; readonly itemId: string }
  | { readonly kind: "item"; readonly itemId: string }
  /** Of one series: episodes that its viewer may play. */
  | { readonly kind: "episodes" }
  | { readonly kind: "media_segments"; readonly itemId: string }
  | { readonly kind: "public_info" }
  | { readonly kind: "report"; readonly event: "playing" | "progress" | "stopped" }
  | { readonly kind: "encoding_ended"; readonly playSessionId: string | undefined }
  | { readonly kind: "web_index" }
  | { readonly kind: "web_config" }
  | { readonly kind: "other" };

const ID = "([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";
const OTHER: ProxiedCall = { kind: "other" };

type Rule = readonly [
  method: string,
  pattern: RegExp,
  call: (id: string, query: URLSearchParams) => ProxiedCall,
];

/** Jellyfin takes paths in any case, and older clients put a prefix before them. */
const path = (pattern: string): RegExp => new RegExp(`^(?:/emby|/mediabrowser)?${pattern}/?$`, "i");

const RULES: readonly Rule[] = [
  ["POST", path(`/items/${ID}/playbackinfo`), (itemId) => ({ kind: "playback_info", itemId })],
  ["GET", path(`(?:/users/[0-9a-f-]+)?/items/${ID}`), (itemId) => ({ kind: "item", itemId })],
  // The home page asks for the next episodes of all series: that says nothing of what is played.
  [
    "GET",
    path("/shows/nextup"),
    (_, query) =>
      [...query.keys()].some((name) => /^seriesid$/i.test(name)) ? { kind: "episodes" } : OTHER,
  ],
  ["GET", path(`/shows/${ID}/episodes`), () => ({ kind: "episodes" })],
  ["GET", path(`/mediasegments/${ID}`), (itemId) => ({ kind: "media_segments", itemId })],
  ["GET", path("/system/info/public"), () => ({ kind: "public_info" })],
  ["POST", path("/sessions/playing"), () => ({ kind: "report", event: "playing" })],
  ["POST", path("/sessions/playing/progress"), () => ({ kind: "report", event: "progress" })],
  ["POST", path("/sessions/playing/stopped"), () => ({ kind: "report", event: "stopped" })],
  [
    "DELETE",
    path("/videos/activeencodings"),
    (_, query) => ({
      kind: "encoding_ended",
      playSessionId: [...query].find(([name]) => name.toLowerCase() === "playsessionid")?.[1],
    }),
  ],
  ["GET", path("/web(?:/index\\.html)?"), () => ({ kind: "web_index" })],
  ["GET", path("/web/config\\.json"), () => ({ kind: "web_config" })],
];

/** Recognises the few calls that matter here by method and path; everything else is `other`. */
export function readCall(method: string, url: string, basePath: string): ProxiedCall {
  const [full = "", query = ""] = url.split("?", 2);
  const own = full.startsWith(basePath) ? full.slice(basePath.length) : full;
  for (const [wanted, pattern, call] of RULES) {
    const match = method === wanted ? pattern.exec(own) : null;
    if (match !== null)
      return call((match[1] ?? "").replaceAll("-", "").toLowerCase(), new URLSearchParams(query));
  }
  return OTHER;
}
