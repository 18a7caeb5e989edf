import { signal, useSignal, type Signal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { followEvents } from "../api/events.ts";
import { urlOf, type GatewayError } from "../api/gateway.ts";
import { Brand } from "../components/brand.tsx";
import { Icon } from "../components/icon.tsx";
import { Problem } from "../components/problem.tsx";
import { strings } from "../strings.ts";
import { BelowStage } from "./below-stage.tsx";
import { Stage } from "./stage.tsx";

/** What is known of the stream. */
type Known =
  | { readonly kind: "loading" | "missing" }
  | { readonly kind: "refused"; readonly error: GatewayError }
  | { readonly kind: "known"; readonly status: Signal<StreamStatus> };

/** The page of one stream. */
export function WatchPage({ id }: { readonly id: string }) {
  const known = useSignal<Known>({ kind: "loading" });
  const isLost = useSignal(false);
  useEffect(() => {
    const closing = new AbortController();
    followEvents(
      `events?id=${encodeURIComponent(id)}`,
      {
        onOpen: () => (isLost.value = false),
        onEvent(name, payload) {
          if (name === "removed") known.value = { kind: "missing" };
          if (name !== "status") return;
          const status = payload as StreamStatus;
          if (known.value.kind === "known") known.value.status.value = status;
          else known.value = { kind: "known", status: signal(status) };
        },
        onLost(error) {
          if (error === undefined) isLost.value = true;
          else if (error.code === "stream_not_found") known.value = { kind: "missing" };
          else known.value = { kind: "refused", error };
        },
      },
      // Playing goes on behind other windows, and in the small picture.
      { signal: closing.signal, whileHidden: true },
    );
    return () => closing.abort();
  }, [id]);
  const now = known.value;
  const title = now.kind === "known" ? now.status.value.title : "";
  useEffect(() => {
    if (title !== "") document.title = `${title} – ${strings.brand}`;
  }, [title]);
  return (
    <>
      <header class="bar">
        <Brand />
        <h1 class="film-title">{title}</h1>
        {now.kind === "known" && (
          <a class="button bare" href={urlOf(`watch/${id}/compare`)}>
            <Icon name="compare" />
            <span class="wide-only">{strings.watch.compare}</span>
          </a>
        )}
      </header>
      <main class="watch">
        {isLost.value && (
          <div class="note warning" role="status">
            <span class="spinner" />
            <div>{strings.connection.lost}</div>
          </div>
        )}
        {now.kind === "loading" && <div class="skeleton stage" aria-label={strings.loading} />}
        {now.kind === "missing" && <Missing />}
        {now.kind === "refused" && <Problem thrown={now.error} />}
        {now.kind === "known" && (
          <>
            <Stage id={id} status={now.status} />
            <BelowStage status={now.status} />
          </>
        )}
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
        {strings.watch.toDashboard}
      </a>
    </div>
  );
}
