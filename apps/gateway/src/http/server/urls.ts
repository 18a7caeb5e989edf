import type { Request } from "express";

/** The URLs of one stream as answers give them. */
export interface StreamUrls {
  readonly hls_url: string;
  readonly live_url: string;
  readonly player_url: string;
  readonly check_url: string;
}

export const streamUrls = (base: string, id: string): StreamUrls => ({
  hls_url: `${base}/hls/${id}/stream.m3u8`,
  live_url: `${base}/hls/${id}/live.m3u8`,
  player_url: `${base}/watch/${id}`,
  check_url: `${base}/status/${id}`,
});

/** PUBLIC_URL, else what the client itself used to reach us; a Host that is no host is not echoed. */
export function baseUrl(request: Request, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return publicUrl;
  const host = request.get("host") ?? "";
  const isHost = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i.test(host);
  const { localAddress = "127.0.0.1", localPort = 80 } = request.socket;
  const address = localAddress.includes(":") ? `[${localAddress}]` : localAddress;
  return `${request.protocol}://${isHost ? host : `${address}:${localPort}`}`;
}
