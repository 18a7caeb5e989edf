/** Jellyfin takes ids with and without dashes, in any case. */
export const parseId = (text: string): string => text.replaceAll("-", "").toLowerCase();
