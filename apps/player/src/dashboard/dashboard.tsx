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
import { FilmsView } from "./films/films-view.tsx";
import { LogsView } from "./logs-view.tsx";
import { ModelsView } from "./models/models-view.tsx";
import { PluginsView } from "./plugins/plugins-view.tsx";
import { createReadyTeller, readyNotes, recallReadyNotes } from "../components/ready-notes.ts";
import { SettingsView } from "./settings/settings-view.tsx";
import { createStreamStore, type StreamStore } from "./streams/stream-store.ts";
import { StreamsView } from "./streams/streams-view.tsx";
import { SystemView } from "./system/system-view.tsx";

interface Part {
  readonly icon: IconName;
  readonly View: ComponentType<{ readonly store: StreamStore }>;
  /** It has no tab: that of another part leads to it. */
  readonly under?: string;
}

const PARTS = {
  films: { icon: "film", View: FilmsView },
  jobs: { icon: "pulse", View: StreamsView },
  models: { icon: "chip", View: ModelsView },
  plugins: { icon: "puzzle", View: PluginsView },
  system: { icon: "gear", View: SystemView },
  settings: { icon: "sliders", View: SettingsView },
  logs: { icon: "lines", View: LogsView, under: "system" },
} as const satisfies Record<string, Part>;
type PartName = keyof typeof PARTS;

const isPart = (name: string): name is PartName => Object.keys(PARTS).includes(name);
const partOf = (hash: string): PartName => {
  const name = hash.replace(/^#\/?/, "");
  return isPart(name) ? name : "films";
};

const underOf = (name: PartName): string | undefined => (PARTS[name] as Part).under;
const TABS = (Object.keys(PARTS) as PartName[]).filter((name) => underOf(name) === undefined);
/** Whether the tab is that of the part that is shown, or leads to it. */
const currentOf = (tab: PartName, part: PartName): "page" | "true" | undefined =>
  tab === part ? "page" : underOf(part) === tab ? "true" : undefined;

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
  const store = useMemo(() => {
    recallReadyNotes();
    return createStreamStore(closing.signal, {
      onStatus: createReadyTeller(),
      whileHidden: () => readyNotes.value === "on",
    });
  }, []);
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
          {TABS.map((name) => (
            <a key={name} href={`#/${name}`} aria-current={currentOf(name, part)}>
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
