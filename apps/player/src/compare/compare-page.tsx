import { StreamPage } from "../components/stream-page.tsx";
import { strings } from "../strings.ts";
import { CompareStage } from "./compare-stage.tsx";

/** The page that shows the original and the upscaled film side by side. */
export function ComparePage({ id }: { readonly id: string }) {
  const link = { icon: "play", text: strings.compare.watch, path: `watch/${id}` } as const;
  return (
    <StreamPage id={id} link={() => link}>
      {(status) => <CompareStage id={id} status={status} />}
    </StreamPage>
  );
}
