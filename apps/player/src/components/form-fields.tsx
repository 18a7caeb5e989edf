interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly note?: string | undefined;
  readonly isNeeded?: boolean;
  readonly onInput: (text: string) => void;
}

/** A text with its name above and what to know below. */
export function TextField({
  label,
  value,
  placeholder,
  note,
  isNeeded = false,
  onInput,
}: TextProps) {
  return (
    <label class="field">
      <b>{label}</b>
      <input
        class="input"
        value={value}
        placeholder={placeholder}
        required={isNeeded}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {note !== undefined && <span class="quiet small">{note}</span>}
    </label>
  );
}

interface CheckProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** Yes or no. */
export function CheckField({ label, isOn, onChange }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
