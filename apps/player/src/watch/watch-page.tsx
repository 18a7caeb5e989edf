import { StreamPage } from "../components/stream-page.tsx";
import { strings } from "../strings.ts";
import { BelowStage } from "./below-stage.tsx";
import { Stage } from "./stage.tsx";

/** The page that plays one stream. */
export function WatchPage({ id }: { readonly id: string }) {
  const link = {
    icon: "compare",
    text: strings.watch.compare,
    path: `watch/${id}/compare`,
  } as const;
  return (
    <StreamPage id={id} link={link}>
      {(status) => (
        <>
          <Stage id={id} status={status} />
          <BelowStage status={status} />
        </>
      )}
    </StreamPage>
  );
}
