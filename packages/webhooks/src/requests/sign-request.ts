import { createHmac } from "node:crypto";

/**
 * Headers as Standard Webhooks has them (https://www.standardwebhooks.com), whose libraries check them: HMAC-SHA256 of id,
 * time and body. A secret `whsec_…` is base64, any other one is taken as it is. The id is the same each time a
 * delivery is tried.
 */
export function signatureHeaders(
  id: string,
  seconds: number,
  body: string,
  secret: string | undefined,
): Record<string, string> {
  const headers = { "webhook-id": id, "webhook-timestamp": String(seconds) };
  if (secret === undefined) return headers;
  const key = secret.startsWith("whsec_")
    ? Buffer.from(secret.slice("whsec_".length), "base64")
    : Buffer.from(secret, "utf8");
  const signature = createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64");
  return { ...headers, "webhook-signature": `v1,${signature}` };
}
