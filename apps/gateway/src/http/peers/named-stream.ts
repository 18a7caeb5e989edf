/** Calls that are about one stream, whose id comes next. */
const NAMED =
  /^\/(?:hls|tracks|frame|compare|status|progress|playhead|streams|watch)\/([a-z2-7]{26})(?:\/|$)/;
const ID = /^[a-z2-7]{26}$/;
const SERVED = /^\/hls\/([a-z2-7]{26})\//;

export interface NamingRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  /** `X-Original-URI`: what nginx has sent by itself. */
  readonly servedUrl: string | undefined;
}

/** The id of the stream that a request is about, and that its owner alone can answer; undefined: any gateway can. */
export function namedStream({ path, query, servedUrl }: NamingRequest): string | undefined {
  if (path === "/events") {
    const { id } = query;
    return typeof id === "string" && ID.test(id) ? id : undefined;
  }
  if (path === "/internal/served") return SERVED.exec(servedUrl ?? "")?.[1];
  return NAMED.exec(path)?.[1];
}
