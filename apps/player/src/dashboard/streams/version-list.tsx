import { strings } from "../../strings.ts";
import { StateChips } from "./state-chips.tsx";
import type { StreamEntry } from "./stream-store.ts";
import { StreamVersion } from "./stream-version.tsx";
import { playedVersion, versionNames } from "./version-names.ts";

interface VersionListProps {
  readonly title: string;
  readonly versions: readonly StreamEntry[];
  readonly onFront?: ((id: string) => void) | undefined;
}

/** The versions of one film below each other; one of them plays when nobody says which. */
export function VersionList({ title, versions, onFront }: VersionListProps) {
  const statuses = versions.map(({ status }) => status.value);
  const names = versionNames(statuses);
  const played = playedVersion(statuses);
  return (
    <ul class="versions">
      {versions.map((entry, k) => {
        const status = entry.status.value;
        const name = names[k] ?? "";
        return (
          <li key={status.id}>
            <div class="stream-head">
              <h3>{name}</h3>
              {status === played && (
                <span class="chip played">{strings.streams.versions.played}</span>
              )}
              <StateChips status={status} />
            </div>
            <StreamVersion {...{ entry, onFront }} name={`${title} (${name})`} />
          </li>
        );
      })}
    </ul>
  );
}
