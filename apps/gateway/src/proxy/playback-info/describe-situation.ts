import type { Clock } from "@upreel/core";
import type { JellyfinClient, PlayRule, PlaySituation } from "@upreel/jellyfin";
import { createLibraryNames } from "../../jellyfin/library-names.ts";
import { createUserNames } from "../../jellyfin/user-names.ts";
import { within } from "../../waiting/within.ts";

/** Adds to what a request says of a viewer what rules may name besides: his name and the library's. */
export function describeSituation(
  client: JellyfinClient | undefined,
  rules: readonly Pick<PlayRule, "user" | "library">[],
  { clock, longestMs }: { readonly clock: Clock; readonly longestMs: number },
): (situation: PlaySituation) => Promise<PlaySituation> {
  const libraryOf = createLibraryNames(client, rules);
  const userNameOf = createUserNames(client, rules, clock);
  return async (situation) => {
    const { userId, path } = situation;
    const asked = Promise.all([userId && userNameOf(userId), path && libraryOf(path)]);
    const named = asked.then(([userName, library]) => ({ ...situation, userName, library }));
    return (await within(named, { ms: longestMs })) ?? situation;
  };
}
