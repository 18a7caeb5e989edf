import { strings } from "../strings.ts";
import { LOOK_PARTS, PRESET_NAMES, presetOf } from "./look.ts";
import type { ViewerLook } from "./viewer-look.ts";

/** Presets and sliders; each is seen while it moves. */
export function LookMenu({ viewer }: { readonly viewer: ViewerLook }) {
  const look = viewer.look.value;
  const chosen = presetOf(look);
  const names = strings.look;
  return (
    <fieldset class="look-menu">
      <legend>{names.title}</legend>
      <div class="look-presets" role="group" aria-label={names.presets}>
        {PRESET_NAMES.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === chosen}
            onClick={() => viewer.choose(name)}
          >
            {names.preset[name]}
          </button>
        ))}
      </div>
      {LOOK_PARTS.map((part) => (
        <label key={part} class="look-part">
          <span>{names.part[part]}</span>
          <input
            type="range"
            min="0"
            max="100"
            value={look[part]}
            onInput={({ currentTarget }) => viewer.set(part, Number(currentTarget.value))}
            onChange={() => viewer.keep()}
          />
        </label>
      ))}
    </fieldset>
  );
}
