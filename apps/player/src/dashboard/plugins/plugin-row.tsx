import type { ScansAnswer } from "@upreel/core";
import { sentence } from "../../format.ts";
import { strings } from "../../strings.ts";
import { doesText, factsText, lastName } from "./plugin-text.ts";

export type ShownPlugin = ScansAnswer["plugins"][number];

interface PluginRowProps {
  readonly plugin: ShownPlugin;
  readonly onSwitch: (change: { readonly is_enabled: boolean; readonly library?: string }) => void;
  readonly onLog: () => void;
}

/** One plugin: its state, what it does, and its switches. */
export function PluginRow({ plugin, onSwitch, onLog }: PluginRowProps) {
  const names = strings.plugins;
  const { name, description, is_enabled: isOn, state, reason } = plugin;
  const tone = !isOn ? "" : state === "error" ? " bad" : state === "running" ? " live" : "";
  return (
    <li class="finding plugin">
      <span class={`chip${tone}`}>{isOn ? names.states[state] : names.off}</span>
      <div>
        <h2 class="row-title" dir="auto">
          {name}
        </h2>
        {description !== null && <p dir="auto">{sentence(description)}</p>}
        <p class="quiet small">{factsText(plugin, names)}</p>
        <p class="quiet small">{doesText(plugin, names)}</p>
        {reason !== null && (
          <p class="small bad-text" dir="auto">
            {sentence(reason)}
          </p>
        )}
        {plugin.off_in.map((library) => (
          <p key={library} class="small plugin-buttons">
            {names.offIn(library)}
            <button
              type="button"
              class="button"
              onClick={() => onSwitch({ is_enabled: true, library })}
            >
              {names.turnOnThere}
            </button>
          </p>
        ))}
        <div class="plugin-buttons">
          <button type="button" class="button" onClick={() => onSwitch({ is_enabled: !isOn })}>
            {isOn ? names.turnOff : names.turnOn}
          </button>
          <button type="button" class="button" onClick={onLog}>
            {names.log}
          </button>
        </div>
      </div>
    </li>
  );
}

/** A folder that is no plugin that can run, with each problem at its place in the `plugin.json`. */
export function RefusedRow({ folder, issues }: ScansAnswer["refused"][number]) {
  const names = strings.plugins;
  return (
    <li class="finding plugin">
      <span class="chip bad">{names.refused}</span>
      <div>
        <h2 class="row-title" dir="auto">
          {lastName(folder)}
        </h2>
        <p class="quiet small" dir="ltr">
          {folder}
        </p>
        <p>{names.refusedText}</p>
        <ul class="plugin-issues small" dir="ltr">
          {issues.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              {path !== "" && <code>{path}</code>} {sentence(message)}
            </li>
          ))}
        </ul>
      </div>
    </li>
  );
}
