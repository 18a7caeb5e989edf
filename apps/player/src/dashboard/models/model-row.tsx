import type { ModelDownload, ModelEntry } from "@upreel/core";
import { explainReason } from "../../api/gateway.ts";
import { Icon } from "../../components/icon.tsx";
import { ToldReason } from "../../components/told-reason.tsx";
import { bytes, decimal, factLine } from "../../format.ts";
import { modelName, modelUses } from "../../stream/model-on.ts";
import { strings } from "../../strings.ts";

/** Speeds are told for this size of film: 640×360. */
const MEGAPIXELS_OF_360P = 0.2304;

interface ModelRowProps {
  readonly model: ModelEntry;
  /** It makes the films that are started from now on. */
  readonly isChosen: boolean;
  readonly canChoose: boolean;
  readonly onChoose: () => void;
  readonly onRemove: () => void;
  readonly onDownload: () => void;
}

/** One model: what it is, what was measured of it here, and what can be done with it. */
export function ModelRow(props: ModelRowProps) {
  const { model } = props;
  const names = strings.models;
  const facts = [
    model.scale === null ? undefined : `×${model.scale}`,
    model.parameters === null ? undefined : names.weights(model.parameters),
    // Plain enlarging is no file, and needs no measuring.
    model.kind === "scaler" ? undefined : bytes(model.size_bytes),
    model.public?.licence,
    model.state === "ready" && model.kind !== "scaler"
      ? model.megapixels_per_second === null
        ? names.notTimed
        : names.speed(model.megapixels_per_second / MEGAPIXELS_OF_360P)
      : undefined,
  ];
  return (
    <li class="model">
      <div>
        <h3 class="row-title">{modelName(model.name)}</h3>
        <p class={model.state === "refused" ? "small bad-text" : "small quiet"}>
          {modelUses(model.public?.good_at ?? model.description)}
        </p>
        <p class="small quiet figures-text">
          {factLine(facts.filter((fact) => fact !== undefined))}
        </p>
        {model.download !== null && <Download download={model.download} />}
        {model.providers.length > 0 && <Measured model={model} />}
      </div>
      <ModelActions {...props} />
    </li>
  );
}

function ModelActions(props: ModelRowProps) {
  const { model, isChosen, canChoose, onChoose, onRemove, onDownload } = props;
  const names = strings.models;
  const isUnderWay =
    model.download?.state === "downloading" || model.download?.state === "checking";
  return (
    <div class="model-actions">
      {isChosen && <span class="chip live">{names.chosen}</span>}
      {!isChosen && model.state === "ready" && canChoose && (
        <button type="button" class="button" onClick={onChoose}>
          {names.choose}
        </button>
      )}
      {model.state === "available" && !isUnderWay && (
        <button type="button" class="button" onClick={onDownload}>
          <Icon name="download" />
          {model.download?.state === "failed" ? strings.retry : names.download}
        </button>
      )}
      {model.origin !== "built-in" && model.state !== "available" && (
        <button
          type="button"
          class="button bare"
          aria-label={names.remove(model.id)}
          onClick={onRemove}
        >
          <Icon name="trash" />
        </button>
      )}
    </div>
  );
}

function Download({ download }: { readonly download: ModelDownload }) {
  const names = strings.models;
  if (download.state === "done") return null;
  if (download.state === "failed")
    return (
      <div class="small bad-text">
        {download.reason === null ? (
          <p>{names.downloadFailed}</p>
        ) : (
          <ToldReason {...explainReason(download.reason)} />
        )}
      </div>
    );
  return (
    <p class="download small quiet">
      <progress max={download.total} value={download.bytes} aria-label={names.download} />
      <span class="figures-text">
        {download.state === "checking"
          ? names.checking
          : `${bytes(download.bytes)} / ${bytes(download.total)}`}
      </span>
    </p>
  );
}

/** What each way of running it gave on this machine. */
function Measured({ model }: { readonly model: ModelEntry }) {
  const names = strings.models;
  return (
    <details class="small">
      <summary>{names.measured}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{names.provider}</th>
            <th scope="col">{names.speedHead}</th>
            <th scope="col">{names.likeness}</th>
          </tr>
        </thead>
        <tbody>
          {model.providers.map((tried) => (
            <tr key={tried.provider}>
              <th scope="row">{tried.provider}</th>
              <td class="figures-text">
                {tried.megapixels_per_second === null
                  ? (tried.reason?.message ?? strings.nothing)
                  : decimal(tried.megapixels_per_second, 1)}
              </td>
              <td class="figures-text">
                {tried.likeness_db === null
                  ? strings.nothing
                  : `${decimal(tried.likeness_db, 1)} dB`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
