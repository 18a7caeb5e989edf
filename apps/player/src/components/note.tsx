import type { ComponentChildren } from "preact";
import { Icon } from "./icon.tsx";

interface NoteProps {
  readonly isBad?: boolean;
  /** Read out as a whole when any of it changes; a note with times and buttons says itself what of it is. */
  readonly isLive?: boolean;
  readonly children: ComponentChildren;
}

/** What somebody should know; read out at once where it is bad. */
export function Note({ isBad = false, isLive = true, children }: NoteProps) {
  const role = isBad ? "alert" : "status";
  return (
    <div class={isBad ? "note bad" : "note warning"} {...(isLive && { role })}>
      <Icon name="alert" />
      <div>{children}</div>
    </div>
  );
}
