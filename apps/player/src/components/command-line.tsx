import { useSignal } from "@preact/signals";
import { strings } from "../strings.ts";
import { Icon } from "./icon.tsx";

/** A line to run or to paste somewhere, with a button that copies it. */
export function CommandLine({ text }: { readonly text: string }) {
  const said = useSignal<string>(strings.copy);
  const copy = (): void => {
    // Without TLS there is no clipboard; then the text can be selected.
    const copied = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error());
    copied.then(
      () => (said.value = strings.copied),
      () => (said.value = strings.copyByHand),
    );
  };
  return (
    <div class="command">
      <code>{text}</code>
      <button type="button" class="button bare" onClick={copy}>
        <Icon name={said.value === strings.copied ? "check" : "copy"} />
        <span class="hidden-text" role="status">
          {said}
        </span>
      </button>
    </div>
  );
}
