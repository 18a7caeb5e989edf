interface ChoiceProps<T> {
  readonly name: string;
  readonly options: readonly { readonly value: T; readonly text: string }[];
  readonly chosen: T;
  readonly onChoose: (value: T) => void;
  /** Short texts stand beside each other. */
  readonly isShort?: boolean;
}

/** One of several, in the menu of the player. */
export function Choice<T extends string | number>(props: ChoiceProps<T>) {
  const { name, options, chosen, onChoose, isShort = false } = props;
  return (
    <fieldset class={isShort ? "short" : undefined}>
      <legend>{name}</legend>
      {options.map(({ value, text }) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            checked={value === chosen}
            onChange={() => onChoose(value)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
