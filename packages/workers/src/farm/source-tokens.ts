import { randomBytes } from "node:crypto";
import type { SourceRef } from "@upreel/core";

/** What opens the films that one machine works on, and no others. */
export interface SourceTokens {
  /** The same for all runs of a film. */
  tokenFor(source: SourceRef): string;
  sourceOf(token: string): SourceRef | undefined;
  forget(source: SourceRef): void;
  clear(): void;
}

export function createSourceTokens(): SourceTokens {
  const bySource = new Map<string, { readonly token: string; readonly source: SourceRef }>();
  return {
    tokenFor(source) {
      const token = bySource.get(source.id)?.token ?? randomBytes(24).toString("base64url");
      bySource.set(source.id, { token, source });
      return token;
    },
    sourceOf: (given) => [...bySource.values()].find(({ token }) => token === given)?.source,
    forget: ({ id }) => void bySource.delete(id),
    clear: () => bySource.clear(),
  };
}
