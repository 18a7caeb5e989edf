import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { strings } from "../strings.ts";
import { Icon } from "./icon.tsx";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly footer?: ComponentChildren;
}

/** A modal dialog: the browser's own, which keeps the focus inside and closes at Escape. */
export function Dialog({ title, onClose, children, footer }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Layout effects are ended before their elements go.
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    // Closed, and not just gone, it gives the focus back to what opened it.
    return () => current?.close();
  }, []);
  return (
    <dialog ref={dialog} aria-label={title} onClose={onClose}>
      <div class="dialog-frame">
        <header>
          <h2>{title}</h2>
          <button
            type="button"
            class="button bare"
            aria-label={strings.close}
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </header>
        <div class="dialog-body">{children}</div>
        {footer !== undefined && footer !== false && <footer>{footer}</footer>}
      </div>
    </dialog>
  );
}
