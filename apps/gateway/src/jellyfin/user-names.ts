import type { Clock } from "@upreel/core";
import type { JellyfinClient, PlayRule } from "@upreel/jellyfin";

/** A new user may wait so long for his rule. */
const KEPT_MS = 10 * 60_000;

/** Names of users by id, asked for only where a rule names a user; undefined where Jellyfin does not tell. */
export function createUserNames(
  client: JellyfinClient | undefined,
  rules: readonly Pick<PlayRule, "user">[],
  clock: Clock,
): (userId: string) => Promise<string | undefined> {
  const isNeeded = rules.some(({ user }) => user !== undefined);
  let names: ReadonlyMap<string, string> = new Map();
  let askedAtMs = -Infinity;
  return async (userId) => {
    if (client === undefined || !isNeeded) return undefined;
    const id = userId.replaceAll("-", "").toLowerCase();
    if (!names.has(id) && clock.nowMs() - askedAtMs > KEPT_MS) {
      const users = await client.users().catch(() => undefined);
      if (users === undefined) return undefined;
      askedAtMs = clock.nowMs();
      names = new Map(users.map(({ Id, Name }) => [Id, Name]));
    }
    return names.get(id);
  };
}
