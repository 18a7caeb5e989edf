import type { Setting } from "@upreel/core";
import { strings } from "../../strings.ts";
import { expectedText, plainText } from "./setting-text.ts";
import { isAcceptable, settingSchemaOf, type SettingSchema } from "./is-acceptable.ts";

/** What the gateway is told: it reads text as the environment's; an empty one means the default. */
export const fromText = (text: string | undefined): string | null =>
  text === undefined || text.trim() === "" ? null : text.trim();

interface SettingFieldProps {
  readonly setting: Setting;
  readonly text: string;
  readonly isHidden: boolean;
  /** What the gateway says of the value. */
  readonly refused: string | undefined;
  readonly onChange: (text: string) => void;
}

/** Name, meaning and control of one setting, and what is wrong with its value. */
export function SettingField({ setting, text, isHidden, refused, onChange }: SettingFieldProps) {
  const names = strings.settings;
  const id = `setting-${setting.name}`;
  const schema = settingSchemaOf(setting);
  const choices = schema.enum;
  const title = names.titles[setting.name];
  const problem = isAcceptable(schema, text)
    ? refused
    : names.wrong(expectedText(setting.expected), text.trim());
  const control = {
    id,
    class: "input",
    disabled: !setting.can_change,
    "aria-invalid": problem !== undefined,
    "aria-describedby": `${id}-text ${id}-problem`,
  };
  return (
    <li class="setting" hidden={isHidden}>
      <div>
        <label for={id}>
          {title !== undefined && <b>{title}</b>}
          <code class={title === undefined ? "" : "quiet small"}>{setting.name}</code>
        </label>
        <p id={`${id}-text`} class="quiet small" dir="auto">
          {plainText(names.descriptions[setting.name] ?? setting.description)}{" "}
          {names.takes(expectedText(setting.expected))}
        </p>
        <p id={`${id}-problem`} class="small bad-text" role="alert">
          {problem}
        </p>
      </div>
      <div class="setting-control">
        {choices === undefined ? (
          <input
            {...control}
            type="text"
            inputMode={isNumber(schema) ? "decimal" : "text"}
            placeholder={setting.is_secret ? placeholderOf(setting) : undefined}
            value={text}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
        ) : (
          <select {...control} onChange={(event) => onChange(event.currentTarget.value)}>
            {choices.map((choice) => (
              <option key={choice} value={choice} selected={choice === text}>
                {choice}
              </option>
            ))}
          </select>
        )}
        <p class="quiet small">{noteOf(setting)}</p>
      </div>
    </li>
  );

  function noteOf({ origin, needs_restart: needsRestart, is_waiting: isWaiting }: Setting): string {
    if (origin === "environment") return names.origins.environment;
    if (isWaiting) return names.waiting;
    return `${names.origins[origin]} · ${needsRestart ? names.needsRestart : names.nextFilm}`;
  }
}

const isNumber = ({ type }: SettingSchema): boolean => type === "integer" || type === "number";

const placeholderOf = ({ value }: Setting): string =>
  value === true ? strings.settings.isSet : strings.settings.isNotSet;
