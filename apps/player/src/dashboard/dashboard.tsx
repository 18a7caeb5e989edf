import { useComputed, useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { needsToken } from "../api/gateway.ts";
import { Brand } from "../components/brand.tsx";
import { ConnectionLost } from "../components/connection-lost.tsx";
import { Icon, type IconName } from "../components/icon.tsx";
import { OtherDevice } from "../components/other-device.tsx";
import { navigateByArrows } from "../components/spatial-navigation.ts";
import { isTelevision } from "../components/television.ts";
import { TokenPrompt } from "../components/token-prompt.tsx";
import { strings } from "../strings.ts";
import { FilmsView } from "../films/films-view.tsx";
import { LogsView } from "./logs-view.tsx";
import { ModelsView } from "./models-view.tsx";
import { SettingsView } from "./settings-view.tsx";
import { createStreamStore, type StreamStore } from "./stream-store.ts";
import { StreamsView } from "./streams-view.tsx";
import { SystemView } from "./system-view.tsx";

interface Part {
  readonly icon: IconName;
  readonly View: ComponentType<{ readonly store: StreamStore }>;
}

const PARTS = {
  films: { icon: "film", View: FilmsView },
  jobs: { icon: "pulse", View: StreamsView },
  models: { icon: "chip", View: ModelsView },
  system: { icon: "gear", View: SystemView },
  settings: { icon: "sliders", View: SettingsView },
  logs: { icon: "lines", View: LogsView },
} as const satisfies Record<string, Part>;
type PartName = keyof typeof PARTS;

const isPart = (name: string): name is PartName => Object.keys(PARTS).includes(name);
const partOf = (hash: string): PartName => {
  const name = hash.replace(/^#\/?/, "");
  return isPart(name) ? name : "films";
};

/** The dashboard: its parts share one line to the gateway, opened again with a new token. */
export function Dashboard() {
  return needsToken.value ? (
    <>
      <Header part={undefined} />
      <main class="dashboard">
        <TokenPrompt onTaken={() => (needsToken.value = false)} />
      </main>
    </>
  ) : (
    <OpenDashboard />
  );
}

/** Where a remote control begins. */
const FIRST_TAB = ".tabs a";

function OpenDashboard() {
  const closing = useMemo(() => new AbortController(), []);
  const store = useMemo(() => createStreamStore(closing.signal), []);
  useEffect(() => {
    navigateByArrows({
      signal: closing.signal,
      remoteTo: isTelevision() ? FIRST_TAB : undefined,
    });
    return () => closing.abort();
  }, []);
  const part = useSignal(partOf(location.hash));
  useEffect(() => {
    const follow = (): void => void (part.value = partOf(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  const isLost = useComputed(() => store.line.value.kind === "lost");
  const { View } = PARTS[part.value];
  return (
    <>
      <Header part={part.value} />
      <main class={part.value === "films" ? "dashboard wide" : "dashboard"}>
        {isLost.value && <ConnectionLost />}
        <View store={store} />
      </main>
    </>
  );
}

function Header({ part }: { readonly part: PartName | undefined }) {
  return (
    <header class="bar">
      <Brand />
      {part !== undefined && (
        <nav class="tabs" aria-label={strings.nav.label}>
          {(Object.keys(PARTS) as PartName[]).map((name) => (
            <a key={name} href={`#/${name}`} aria-current={name === part ? "page" : undefined}>
              <Icon name={PARTS[name].icon} />
              <span>{strings.nav[name]}</span>
            </a>
          ))}
        </nav>
      )}
      {part !== undefined && <OtherDevice path="" />}
    </header>
  );
}
