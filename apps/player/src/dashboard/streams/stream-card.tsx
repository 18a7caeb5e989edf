import type { StreamStatus } from "@upreel/core";
import { urlOf } from "../../api/gateway.ts";
import { strings } from "../../strings.ts";
import { isMovable } from "../../stream/actions.ts";
import { StateChips } from "./state-chips.tsx";
import type { StreamEntry } from "./stream-store.ts";
import { StreamVersion } from "./stream-version.tsx";
import { Grip, type Reorder } from "./use-reorder.tsx";
import { VersionList } from "./version-list.tsx";
import { playedVersion } from "./version-names.ts";

interface StreamCardProps {
  readonly film: string;
  /** At least one. */
  readonly versions: readonly StreamEntry[];
  /** It is deleted, and keeps its place until the pointer has left the list. */
  readonly isGone: boolean;
  readonly reorder: Reorder;
  /** Whether it is chosen; undefined: nothing is being chosen. */
  readonly isChosen: boolean | undefined;
  /** `isRange`: all from the one that was chosen last. */
  readonly onChoose: (film: string, isRange: boolean) => void;
  /** Of one stream. */
  readonly onFront: (id: string) => void;
  /** All of it is deleted. */
  readonly onRemoved: (film: string) => void;
}

/** One film in a row: what it is, how far, how fast, and what can be done with it; version by version where it has several. */
export function StreamCard(props: StreamCardProps) {
  const { film, versions, isGone, reorder, onFront } = props;
  const statuses = versions.map(({ status }) => status.value);
  const status = playedVersion(statuses);
  const [only, ...others] = versions;
  if (status === undefined || only === undefined) return null;
  const { title } = status;
  const isAlone = others.length === 0;
  return (
    <li
      class={cardClass(isGone, reorder.isMoving(film))}
      data-id={film}
      inert={isGone}
      style={reorder.styleOf(film)}
    >
      <CardHead {...props} status={status} isMovable={statuses.some(isMovable)} isAlone={isAlone} />
      {isAlone ? (
        <StreamVersion
          {...{ entry: only, name: title, onFront }}
          onRemoved={() => props.onRemoved(film)}
        />
      ) : (
        <VersionList {...{ title, versions, onFront }} />
      )}
    </li>
  );
}

interface CardHeadProps extends StreamCardProps {
  /** Of the version that plays. */
  readonly status: StreamStatus;
  readonly isMovable: boolean;
  readonly isAlone: boolean;
}

/** Title and state, and what the card is chosen or moved by. */
function CardHead(props: CardHeadProps) {
  const { film, status, reorder, isChosen, isAlone } = props;
  const { title } = status;
  return (
    <div class="stream-head">
      {isChosen !== undefined ? (
        <label class="choose">
          <input
            type="checkbox"
            checked={isChosen}
            aria-label={strings.streams.choose.film(title)}
            onClick={(event) => props.onChoose(film, event.shiftKey)}
          />
        </label>
      ) : (
        props.isMovable && <Grip film={film} title={title} reorder={reorder} />
      )}
      <h2>
        <a class="stream-title" href={urlOf(`watch/${status.id}`)}>
          {title}
        </a>
      </h2>
      {isAlone ? (
        <StateChips status={status} />
      ) : (
        <span class="quiet small">{strings.streams.versions.count(props.versions.length)}</span>
      )}
    </div>
  );
}

const cardClass = (isGone: boolean, isMoving: boolean): string =>
  `card stream${isGone ? " gone" : ""}${isMoving ? " moving" : ""}`;
