import { Icon } from "../../components/icon.tsx";
import { strings } from "../../strings.ts";
import type { Cast } from "../player/cast.ts";

const STEP_SECONDS = 10;

/** Over the picture while the film plays on another screen: the page is its remote control. */
export function CastScreen({ cast }: { readonly cast: Cast }) {
  const names = strings.watch;
  if (!cast.isConnected.value) return null;
  return (
    <div class="stage-cast">
      <Icon name="cast" />
      <p role="status">{names.castTo}</p>
      <div>
        <button type="button" class="button" onClick={() => cast.seekBy(-STEP_SECONDS)}>
          −{STEP_SECONDS} {strings.units.second}
        </button>
        <button type="button" class="button primary" onClick={cast.toggle}>
          {cast.isPlaying.value ? names.pause : names.play}
        </button>
        <button type="button" class="button" onClick={() => cast.seekBy(STEP_SECONDS)}>
          +{STEP_SECONDS} {strings.units.second}
        </button>
      </div>
      <button type="button" class="button" onClick={cast.choose}>
        {names.castLeave}
      </button>
    </div>
  );
}
