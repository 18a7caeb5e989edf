import type { ReadonlySignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { urlOf } from "../api/gateway.ts";
import { strings } from "../strings.ts";
import { Brand } from "./brand.tsx";
import { ConnectionLost } from "./connection-lost.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { OtherDevice } from "./other-device.tsx";
import { Problem } from "./problem.tsx";
import { navigateByArrows } from "./spatial-navigation.ts";
import { isTelevision } from "./television.ts";
import { useStream } from "./use-stream.ts";

/** Where a remote control comes to when it leaves the picture. */
const FIRST_CONTROL = ".controls .control, .compare-seek button";

interface StreamPageProps {
  readonly id: string;
  /** Where else one can go from here; undefined where that shows nothing for this film. */
  readonly link: (
    status: StreamStatus,
  ) => { readonly icon: IconName; readonly text: string; readonly path: string } | undefined;
  readonly children: (status: ReadonlySignal<StreamStatus>) => ComponentChildren;
}

/** The frame of a page about one stream, with what is shown while or when there is none. */
export function StreamPage({ id, link, children }: StreamPageProps) {
  const { known, isLost } = useStream(id);
  const now = known.value;
  const to = now.kind === "known" ? link(now.status.value) : undefined;
  const title = now.kind === "known" ? now.status.value.title : "";
  useEffect(() => {
    if (title !== "") document.title = `${title} – ${strings.brand}`;
  }, [title]);
  useEffect(() => {
    if (!isTelevision()) return;
    const closing = new AbortController();
    navigateByArrows({ signal: closing.signal, remoteTo: FIRST_CONTROL });
    return () => closing.abort();
  }, []);
  return (
    <>
      <header class="bar">
        <Brand />
        <h1 class="film-title">{title === "" ? strings.watch.film : title}</h1>
        {now.kind === "known" && (
          <>
            <OtherDevice path={`watch/${id}`} />
            {to !== undefined && (
              <a class="button bare" href={urlOf(to.path)} aria-label={to.text}>
                <Icon name={to.icon} />
                <span class="wide-only">{to.text}</span>
              </a>
            )}
          </>
        )}
      </header>
      <main class="watch">
        {isLost.value && <ConnectionLost />}
        {now.kind === "loading" && <div class="skeleton stage" aria-label={strings.loading} />}
        {now.kind === "missing" && <Missing />}
        {now.kind === "refused" && <Problem thrown={now.error} />}
        {now.kind === "known" && children(now.status)}
      </main>
    </>
  );
}

function Missing() {
  return (
    <div class="card empty" role="alert">
      <Icon name="film" />
      <h2>{strings.watch.notFoundTitle}</h2>
      <p class="quiet">{strings.watch.notFoundText}</p>
      <a class="button primary" href={urlOf("./")}>
        {strings.watch.toFilms}
      </a>
    </div>
  );
}
