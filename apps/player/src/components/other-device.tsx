import { useSignal } from "@preact/signals";
import type { AddressesAnswer } from "@upreel/core";
import { keptToken, urlOf } from "../api/gateway.ts";
import { signedIn } from "../api/token-link.ts";
import { strings } from "../strings.ts";
import { CommandLine } from "./command-line.tsx";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { isLoopback } from "./is-loopback.ts";
import { Problem } from "./problem.tsx";
import { QrCode } from "./qr-code.tsx";
import { useLoaded } from "./use-loaded.ts";

interface OtherDeviceProps {
  /** A page of the gateway, which is opened there; "" for the first one, with the token. */
  readonly path: string;
}

/** A button that tells how a phone or a television gets to this page. */
export function OtherDevice({ path }: OtherDeviceProps) {
  const isOpen = useSignal(false);
  const names = strings.device;
  return (
    <>
      <button
        type="button"
        class="button bare"
        aria-label={names.title}
        title={names.title}
        onClick={() => (isOpen.value = true)}
      >
        <Icon name="devices" />
      </button>
      {isOpen.value && (
        <Dialog title={names.title} onClose={() => (isOpen.value = false)}>
          <HowTo path={path} />
        </Dialog>
      )}
    </>
  );
}

function HowTo({ path }: OtherDeviceProps) {
  return isLoopback() ? <AskWhere path={path} /> : <Way home={urlOf("./")} path={path} />;
}

function AskWhere({ path }: OtherDeviceProps) {
  const { loaded, reload } = useLoaded<AddressesAnswer>("addresses");
  const names = strings.device;
  const state = loaded.value;
  if (state.kind === "failed") return <Problem thrown={state.thrown} onRetry={reload} />;
  if (state.kind === "loading") return <div class="skeleton device-skeleton" />;
  const [base] = state.value.urls;
  if (base !== undefined) return <Way home={`${base}/`} path={path} />;
  return (
    <>
      <p>{names.closed}</p>
      <CommandLine text="npm start -- --share" />
      <p class="quiet small">{names.closedText}</p>
    </>
  );
}

/** `home`: the first page, as other devices reach it. */
function Way({ home, path }: OtherDeviceProps & { readonly home: string }) {
  const names = strings.device;
  const token = keptToken();
  const isHome = path === "";
  return (
    <>
      <QrCode text={isHome ? signedIn(home, token) : home + path} label={names.code} />
      <p>{names.scan}</p>
      <p>{isHome ? names.type : names.typeHome}</p>
      <CommandLine text={home} />
      {isHome && token !== undefined && <p class="quiet small">{names.hasToken}</p>}
    </>
  );
}
