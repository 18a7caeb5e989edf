import type { Request } from "express";

/**
 * A range of the last bytes that asks for more than there are is the whole (RFC 9110, 14.1.2); the
 * parser of express calls it unsatisfiable. To be called before that reads the request.
 */
export function fitRange(request: Request, length: number): void {
  const last = /^bytes=-(\d+)$/.exec(request.headers.range ?? "")?.[1];
  if (last !== undefined && Number(last) > length && length > 0) request.headers.range = "bytes=0-";
}

/** Whether `If-Match` asks for another version than there is (RFC 9110, 13.1.1). */
export function isOtherVersion(request: Request, etag: string): boolean {
  const wanted = request.headers["if-match"];
  if (wanted === undefined || wanted.trim() === "*") return false;
  return !wanted.split(",").some((each) => each.trim() === etag);
}
