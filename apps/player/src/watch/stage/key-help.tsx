import { Dialog } from "../../components/dialog.tsx";
import { strings } from "../../strings.ts";

/** Which keys do what. */
export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={strings.watch.keys} onClose={onClose}>
      <dl class="keys">
        {strings.watch.keyList.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
