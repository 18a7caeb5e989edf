import type { ComponentChildren } from "preact";
import { Icon } from "./icon.tsx";

interface NoteProps {
  readonly isBad?: boolean;
  readonly children: ComponentChildren;
}

/** What somebody should know; read out at once where it is bad. */
export function Note({ isBad = false, children }: NoteProps) {
  return (
    <div class={isBad ? "note bad" : "note warning"} role={isBad ? "alert" : "status"}>
      <Icon name="alert" />
      <div>{children}</div>
    </div>
  );
}
