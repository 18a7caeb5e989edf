#!/bin/sh
# Makes this machine ready: `setup.sh start` for running, `setup.sh test` for the tests too.
# Quick when nothing is to do; says what it does when something is.
set -eu
cd "$(dirname "$0")/.."
mode="${1:-start}"

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# Whether the loader knows library $1; taken to be so where there is nobody to ask.
has_library() {
  known="$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null)" || return 0
  case "$known" in *"$1"*) ;; *) return 1 ;; esac
}

install_by_apt() {
  if ! has apt-get; then
    die "please install these programs and start again: $*"
  elif [ "$(id -u)" = 0 ]; then
    as_root=""
  elif has sudo; then
    as_root="sudo"
  else
    die "please have an administrator run: apt-get install $*"
  fi
  say "installing $* (apt-get)"
  log="$(mktemp)"
  export DEBIAN_FRONTEND=noninteractive
  if $as_root apt-get update >"$log" 2>&1 &&
    $as_root apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1; then
    rm -f "$log"
  else
    tail -n 20 "$log" >&2
    die "apt-get could not install $* (whole output: $log)"
  fi
}

has node || die "Node.js 20 or later is needed: https://nodejs.org/"
major="$(node -p 'process.versions.node.split(".")[0]')"
[ "$major" -ge 20 ] || die "Node.js 20 or later is needed, this is $(node -v)"

packages=""
for given in "${FFMPEG:-}" "${FFPROBE:-}"; do
  [ -z "$given" ] || has "$given" || die "$given is no program here; without FFMPEG and FFPROBE those on the PATH are used"
done
has "${FFMPEG:-ffmpeg}" && has "${FFPROBE:-ffprobe}" || packages="ffmpeg"
# The Node that comes with the packages needs it; machines without a compiler lack it.
has_library libatomic.so.1 || packages="$packages libatomic1"
if [ "$mode" = test ]; then
  has nginx || packages="$packages nginx-light"
  [ -e /usr/lib/nginx/modules/ngx_http_js_module.so ] || packages="$packages libnginx-mod-http-js"
  has mpv || packages="$packages mpv"
  has cvlc || packages="$packages vlc-bin vlc-plugin-base"
  has chromium || packages="$packages chromium"
  has valkey-server || has redis-server || packages="$packages redis-server"
fi
# shellcheck disable=SC2086
[ -z "$packages" ] || install_by_apt $packages
# Not every system has it under this name: without it one test is left out.
if [ "$mode" = test ] && ! has firefox-esr && ! has firefox && has apt-get; then
  (install_by_apt firefox-esr) || say "no Firefox: the test that needs it is skipped"
fi
if [ "$mode" = test ] && ! { has WebKitWebDriver && has Xvfb; } && has apt-get; then
  (install_by_apt webkit2gtk-driver xvfb gstreamer1.0-libav gstreamer1.0-plugins-good gstreamer1.0-plugins-bad) ||
    say "no WebKit: the test that needs it is skipped"
fi

# The stamp says which lock file is installed (a checkout changes times, not contents). It is written
# after npm has succeeded, so that an install that was broken off is done again. Without a stamp not even the first
# install has succeeded: npm cannot continue from what that left, and begins anew (`npm ci`).
stamp=node_modules/.upreel-installed
wanted="$(cksum <package-lock.json)"
installed=""
[ -e "$stamp" ] && read -r installed <"$stamp"
if [ "$installed" != "$wanted" ]; then
  # Otherwise not `npm ci`: it empties node_modules first, and a gateway that runs from there would lose its files.
  # `--no-save`: npm would write the lock file in its own order, and the next `git pull` refuses to replace a changed file.
  set -- install --no-save
  [ -e "$stamp" ] || set -- ci
  say "installing Node packages (npm $*)"
  # Compiled code of the version before.
  rm -rf node_modules/.cache/compiled
  npm "$@" --no-fund --no-audit >&2 ||
    die "npm $* failed; its words are above. If it fails again, stop Upreel, delete node_modules, and start again"
  printf '%s\n' "$wanted" >"$stamp"
fi

# Mesa's Vulkan driver in software, beside the packages: installed, it would be one that models are tried on.
lavapipe=node_modules/.cache/lavapipe
get_lavapipe() {
  say "getting mesa-vulkan-drivers (apt-get)"
  rm -rf "$lavapipe" && mkdir -p "$lavapipe/part" || return 1
  (cd "$lavapipe/part" && apt-get download -o Acquire::Retries=0 mesa-vulkan-drivers && dpkg-deb -x ./*.deb .) >/dev/null 2>&1 &&
    find "$lavapipe/part/usr/lib" -name libvulkan_lvp.so -exec mv {} "$lavapipe/" \; &&
    [ -e "$lavapipe/libvulkan_lvp.so" ] && rm -rf "$lavapipe/part" || return 1
  printf '{"file_format_version":"1.0.0","ICD":{"library_path":"./libvulkan_lvp.so","api_version":"1.3.0"}}\n' >"$lavapipe/icd.json"
}
if [ "$mode" = test ] && [ ! -e "$lavapipe/icd.json" ] && has apt-get; then
  get_lavapipe || say "no Vulkan driver in software: the tests that need one are skipped"
fi

# What runs plugins for Bun, beside the packages: nobody else needs its hundred megabytes.
bun=node_modules/.cache/bun
get_bun() {
  say "getting bun (npm)"
  rm -rf "$bun" "$bun.part" && mkdir -p "$bun.part" &&
    npm install --prefix "$bun.part" --no-fund --no-audit --fetch-retries 0 --fetch-timeout 60000 bun@1.4.5 >/dev/null 2>&1 &&
    "$bun.part/node_modules/.bin/bun" --version >/dev/null 2>&1 && mv "$bun.part" "$bun" || return 1
}
if [ "$mode" = test ] && [ ! -e "$bun" ]; then
  get_bun || say "no Bun: the test that needs it is skipped"
fi

# Only when their sources changed; with the Node that came with the packages.
PATH="$PWD/node_modules/.bin:$PATH" node scripts/build-player.ts || die "the web pages could not be built"
