/** A poster of this width has a tenth of this; more is no poster. */
const MOST_BYTES = 4_000_000;
const TIMEOUT_MS = 10_000;

/**
 * The main picture of an item as JPEG, about `width` pixels wide; undefined where there is none, or where Jellyfin
 * does not give it: a picture is nothing to wait for.
 */
export async function fetchPicture(
  { url, apiKey }: { readonly url: string; readonly apiKey: string },
  itemId: string,
  width: number,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const address = new URL(`${url}/Items/${encodeURIComponent(itemId)}/Images/Primary`);
  for (const [name, value] of Object.entries({ maxWidth: width, quality: 80, format: "Jpg" }))
    address.searchParams.set(name, String(value));
  const response = await fetch(address, {
    headers: { Authorization: `MediaBrowser Token="${encodeURIComponent(apiKey)}"` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    // The key is for this server alone.
    redirect: "error",
  });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? new ReadableStream<Uint8Array>()) {
    length += chunk.length;
    // Leaving the loop ends the connection.
    if (!response.ok || length > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  // Whatever its headers say.
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  return isJpeg ? bytes : undefined;
}
