/** The stream that the page's own URL names: `…/watch/<id>` or `…/watch/<id>/compare`. */
export function streamId(): string {
  return /\/watch\/([^/]+)/.exec(location.pathname)?.[1] ?? "";
}
