/**
 * Jellyfin writes its ids as 32 hex digits in REST answers and with dashes in webhook templates, some senders with braces;
 * here they are always bare and in lower case. `undefined` for anything that is no id.
 */
export function parseItemId(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^\{(.*)\}$/, "$1")
    .replaceAll("-", "")
    .toLowerCase();
  return /^[0-9a-f]{32}$/.test(bare) ? bare : undefined;
}
