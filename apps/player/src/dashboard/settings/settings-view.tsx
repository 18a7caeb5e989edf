import { useSignal } from "@preact/signals";
import type { Setting, SettingsAnswer } from "@upreel/core";
import { useEffect, useRef } from "preact/hooks";
import { call, GatewayError } from "../../api/gateway.ts";
import { Problem } from "../../components/problem.tsx";
import { useUnsavedWarning } from "../../components/use-unsaved-warning.ts";
import { useLoaded } from "../../components/use-loaded.ts";
import { strings } from "../../strings.ts";
import { groupSettings } from "./setting-groups.ts";
import { LanguageChoice } from "./language-choice.tsx";
import { WebhooksCard } from "./webhooks/webhooks-card.tsx";
import { RestartNote } from "./restart-note.tsx";
import { fromText, SettingField } from "./setting-field.tsx";
import { ViewHead } from "../view-head.tsx";

/** Every setting of the gateway; what is changed is tried by the gateway's own schema. */
export function SettingsView() {
  const { loaded, reload, put } = useLoaded<SettingsAnswer>("settings");
  const changed = useSignal<Readonly<Record<string, string>>>({});
  /** What the gateway said of values, by name. */
  const refused = useSignal<ReadonlyMap<string, string>>(new Map());
  const problem = useSignal<unknown>(undefined);
  const isSaved = useSignal(false);
  const wanted = useSignal("");
  const form = useRef<HTMLFormElement>(null);
  const state = loaded.value;
  const names = strings.settings;
  const wrongOne = (): HTMLElement | null | undefined =>
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
  useEffect(() => {
    if (refused.value.size > 0) wrongOne()?.focus();
  }, [refused.value]);
  const forget = (): void => {
    problem.value = undefined;
    refused.value = new Map();
  };
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const wrong = wrongOne();
    if (wrong !== null && wrong !== undefined) {
      // It may be one that the filter hides.
      wanted.value = "";
      requestAnimationFrame(() => wrong.focus());
      return;
    }
    forget();
    const values = Object.entries(changed.value).map(([name, text]) => [name, fromText(text)]);
    const body = Object.fromEntries(values) as Record<string, string | null>;
    try {
      put(await call<SettingsAnswer>("settings", { method: "PUT", body }));
      changed.value = {};
      isSaved.value = true;
    } catch (thrown) {
      refused.value = problemsByName(thrown);
      if (refused.value.size === 0) problem.value = thrown;
    }
  };
  const change = ({ name, text }: Setting, to: string): void => {
    isSaved.value = false;
    refused.value = new Map([...refused.value].filter(([of]) => of !== name));
    const { [name]: _, ...others } = changed.value;
    changed.value = to === text ? others : { ...others, [name]: to };
  };
  const count = Object.keys(changed.value).length;
  useUnsavedWarning(count > 0, names.leave);
  return (
    <>
      <ViewHead title={names.title} text={names.text}>
        <input
          class="input filter"
          type="search"
          placeholder={names.filter}
          aria-label={names.filter}
          value={wanted.value}
          onInput={(event) => (wanted.value = event.currentTarget.value)}
        />
      </ViewHead>
      <LanguageChoice />
      <WebhooksCard />
      {state.kind === "failed" && <Problem thrown={state.thrown} onRetry={reload} />}
      {state.kind === "loading" && <div class="skeleton findings-skeleton" />}
      {state.kind === "loaded" && (
        <form ref={form} class="settings" noValidate onSubmit={(event) => void save(event)}>
          {state.value.settings.some(({ is_waiting: isWaiting }) => isWaiting) && (
            <RestartNote settings={state.value.settings} onRestarted={put} />
          )}
          <Groups
            settings={state.value.settings}
            wanted={wanted.value}
            changed={changed.value}
            refused={refused.value}
            onChange={change}
          />
          {state.value.settings.every((setting) => !isWanted(setting, wanted.value)) && (
            <p class="quiet">{names.noneMatch}</p>
          )}
          {problem.value !== undefined && <Problem thrown={problem.value} />}
          <Foot
            count={count}
            isSaved={isSaved.value}
            onDiscard={() => {
              changed.value = {};
              forget();
            }}
          />
        </form>
      )}
    </>
  );
}

interface GroupsProps {
  readonly settings: readonly Setting[];
  /** What the filter says. */
  readonly wanted: string;
  readonly changed: Readonly<Record<string, string>>;
  readonly refused: ReadonlyMap<string, string>;
  readonly onChange: (setting: Setting, text: string) => void;
}

function Groups({ settings: all, wanted, changed, refused, onChange }: GroupsProps) {
  return (
    <>
      {groupSettings(all).map(([group, settings]) => (
        <section
          key={group}
          class="group"
          hidden={settings.every((setting) => !isWanted(setting, wanted))}
        >
          <h2>{strings.settings.groups[group]}</h2>
          <ul class="card rows">
            {settings.map((setting) => (
              <SettingField
                key={setting.name}
                isHidden={!isWanted(setting, wanted)}
                setting={setting}
                text={changed[setting.name] ?? setting.text}
                refused={refused.get(setting.name)}
                onChange={(text) => onChange(setting, text)}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

interface FootProps {
  /** Settings that are changed and not saved. */
  readonly count: number;
  readonly isSaved: boolean;
  readonly onDiscard: () => void;
}

function Foot({ count, isSaved, onDiscard }: FootProps) {
  return (
    <footer class="settings-foot">
      <span class="quiet" role="status">
        {isSaved ? strings.settings.saved : count > 0 ? strings.settings.changed(count) : ""}
      </span>
      <button type="button" class="button" disabled={count === 0} onClick={onDiscard}>
        {strings.settings.discard}
      </button>
      <button class="button primary" disabled={count === 0}>
        {strings.settings.save}
      </button>
    </footer>
  );
}

function isWanted({ name, description }: Setting, text: string): boolean {
  const { descriptions, titles } = strings.settings;
  const own = `${titles[name] ?? ""} ${descriptions[name] ?? ""}`;
  return `${name} ${description} ${own}`.toLowerCase().includes(text.trim().toLowerCase());
}

/** The gateway lists every wrong value in a line `NAME: expected …, got …`. */
function problemsByName(thrown: unknown): ReadonlyMap<string, string> {
  if (!(thrown instanceof GatewayError)) return new Map();
  const lines = [...thrown.message.matchAll(/^\s*([A-Z_]+): (.+)$/gm)];
  const sentence = (text: string): string => text.replace(/^./, (first) => first.toUpperCase());
  return new Map(lines.map(([, name = "", text = ""]) => [name, sentence(text)]));
}
