#!/bin/sh
# kiosk ORIGIN: the station's browser, full screen, on a profile of its own. Whoever starts this starts it again when it ends.
#
# FIELDBENCH_BROWSER  the browser, when it is none of those below
# FIELDBENCH_FLAGS    more arguments for it, parted by blanks
set -eu

origin=${1:?"usage: kiosk ORIGIN"}

browser=${FIELDBENCH_BROWSER:-}
if [ -z "$browser" ]; then
  # Not /snap/bin: a browser in a snap sees no serial ports.
  for one in /usr/bin/google-chrome-stable /usr/bin/microsoft-edge-stable /usr/bin/chromium; do
    if [ -x "$one" ]; then browser=$one && break; fi
  done
fi
if [ -z "$browser" ]; then
  echo "There is no Chrome, Edge or Chromium in /usr/bin. Install one that is no snap, or name it in FIELDBENCH_BROWSER." >&2
  exit 69
fi

profile=${XDG_CONFIG_HOME:-${HOME:?"HOME is not set"}/.config}/fieldbench
mkdir -p "$profile"
chmod 700 "$profile"
# A power cut leaves these behind; under another host name the browser would think that it runs on another computer.
rm -f "$profile/SingletonLock" "$profile/SingletonSocket" "$profile/SingletonCookie"

# shellcheck disable=SC2086 # the flags are words
exec "$browser" \
  --kiosk \
  --user-data-dir="$profile" \
  --no-first-run \
  --no-default-browser-check \
  --noerrdialogs \
  --hide-crash-restore-bubble \
  --password-store=basic \
  --ozone-platform-hint=auto \
  --overscroll-history-navigation=0 \
  --disable-pinch \
  ${FIELDBENCH_FLAGS:-} \
  "$origin/"
