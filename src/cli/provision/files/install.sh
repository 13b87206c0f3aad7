#!/bin/sh
# Sets this computer (Debian or Ubuntu) up as the station whose files lie beside this script, and says what it changed.
#
#   sudo ./install.sh                  this computer
#        ./install.sh --root DIR       an image or a mounted disk, without touching this computer
#
#   --kiosk console|desktop|none       who shows the station: a browser that has the screen to itself (cage), a browser in
#                                      the desktop session, or nobody. Without it: desktop where there is one, else console
#   --packages                         install what is missing with apt-get
#   --force                            also replace what was changed by hand; what stood there is kept
#   --remove                           take away what this script has put there
#
# Safe to run again: what is as it should be stays untouched. A file that somebody changed since, or that was there before,
# is left as it is and named. Holds no key and needs none.
#
# Exit: 0 everything is as it should be, 1 something is missing or was left as it is, 64 wrong usage, 77 not root.
set -eu
umask 022

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=
kiosk=auto
packages=no
force=no
remove=no

help() { sed -n '4,12s/^# \{0,1\}//p' "$0"; }
usage() {
  { echo "$1"; help; } >&2
  exit 64
}

while [ $# -gt 0 ]; do
  case $1 in
    --root) [ $# -gt 1 ] && [ -n "$2" ] || usage "--root needs a folder."; root=${2%/}; shift ;;
    --kiosk) [ $# -gt 1 ] || usage "--kiosk needs console, desktop or none."; kiosk=$2; shift ;;
    --packages) packages=yes ;;
    --force) force=yes ;;
    --remove) remove=yes ;;
    --help | -h) help; exit 0 ;;
    *) usage "There is no option $1." ;;
  esac
  shift
done
case $kiosk in auto | console | desktop | none) ;; *) usage "--kiosk is console, desktop or none, not $kiosk." ;; esac
if [ -n "$root" ] && [ ! -d "$root" ]; then usage "There is no folder $root."; fi
if [ -z "$root" ] && [ "$(id -u)" -ne 0 ]; then
  echo "This needs root: sudo $0" >&2
  exit 77
fi

# What this script has put where: one line a file, its SHA-256 and its path.
state=$root/var/lib/fieldbench-station
record=$state/installed
changes=0
troubles=0

say() { echo "$1"; }
changed() { changes=$((changes + 1)); say "$1"; }
trouble() { troubles=$((troubles + 1)); say "$1"; }
sum() { sha256sum <"$1" | cut -d ' ' -f 1; }
recorded() { if [ -f "$record" ]; then awk -v path="$1" '$2 == path { sum = $1 } END { print sum }' "$record"; fi; }

# write_record PATH SUM; an empty sum forgets the path
write_record() {
  mkdir -p "$state"
  { if [ -f "$record" ]; then awk -v path="$1" '$2 != path' "$record"; fi; if [ -n "$2" ]; then echo "$2 $1"; fi; } |
    LC_ALL=C sort -k 2 >"$record.new"
  mv "$record.new" "$record"
}

# What stood at a path is kept before it is replaced.
keep() {
  mkdir -p "$state/replaced"
  cp -p "$root$1" "$state/replaced/$(echo "${1#/}" | tr / _)"
}

# Whole or not at all, and on the disk: the power may go at any moment.
# Made in the folder above, since a browser reads whatever lies in a folder of policies.
place() {
  folder=$(dirname "$root$2")
  new=$(dirname "$folder")/.fieldbench-new
  mkdir -p "$folder"
  cp "$1" "$new"
  chmod "$3" "$new"
  sync "$new" 2>/dev/null || sync
  mv "$new" "$root$2"
}

# put FILE PATH MODE
put() {
  wanted=$(sum "$1")
  if [ ! -e "$root$2" ]; then
    place "$1" "$2" "$3"
    write_record "$2" "$wanted"
    changed "written    $2"
    return
  fi
  present=$(sum "$root$2")
  if [ "$present" = "$wanted" ]; then
    if [ "$(recorded "$2")" != "$wanted" ]; then write_record "$2" "$wanted"; fi
    if [ "$(stat -c %a "$root$2")" != "${3#0}" ]; then chmod "$3" "$root$2"; changed "mode       $2 is $3 again"; fi
  elif [ "$present" = "$(recorded "$2")" ]; then
    place "$1" "$2" "$3"
    write_record "$2" "$wanted"
    changed "changed    $2"
  elif [ "$force" = yes ]; then
    keep "$2"
    place "$1" "$2" "$3"
    write_record "$2" "$wanted"
    changed "replaced   $2; what stood there is in $state/replaced"
  else
    trouble "left       $2 was changed by hand, or was there before. --force replaces it"
  fi
}

# link TARGET PATH
link() {
  if [ "$(readlink "$root$2" 2>/dev/null || true)" = "$1" ]; then
    if [ -z "$(recorded "$2")" ]; then write_record "$2" "$1"; fi
    return
  fi
  if [ -e "$root$2" ] || [ -L "$root$2" ]; then
    if [ "$force" = no ]; then trouble "left       $2 was there before. --force replaces it"; return; fi
    if [ -f "$root$2" ]; then keep "$2"; fi
    rm -f "$root$2"
  fi
  mkdir -p "$(dirname "$root$2")"
  ln -s "$1" "$root$2"
  write_record "$2" "$1"
  changed "linked     $2 -> $1"
}

# Takes away one file or link of ours, unless somebody changed it.
take_away() {
  if [ ! -e "$root$1" ] && [ ! -L "$root$1" ]; then write_record "$1" ""; return; fi
  if [ -L "$root$1" ]; then present=$(readlink "$root$1"); else present=$(sum "$root$1"); fi
  if [ "$present" = "$(recorded "$1")" ] || [ "$force" = yes ]; then
    rm -f "$root$1"
    write_record "$1" ""
    changed "removed    $1"
  else
    trouble "left       $1 was changed by hand. --force removes it"
  fi
}

take_all_away() {
  if [ ! -f "$record" ]; then return; fi
  awk '{ print $2 }' "$record" >"$state/paths"
  while read -r path; do take_away "$path"; done <"$state/paths"
  rm -f "$state/paths"
}

# Other files that set what ours sets: of two the browser takes the last one by name.
other_policies() {
  for folder in /etc/opt/chrome/policies/managed /etc/chromium/policies/managed /etc/opt/edge/policies/managed; do
    for file in "$root$folder"/*; do
      if [ ! -f "$file" ] || [ "$(basename "$file")" = fieldbench.json ]; then continue; fi
      names=$(grep -o '"[A-Z][A-Za-z]*" *:' "$file" | tr -d '" :' | LC_ALL=C sort -u) || continue
      for name in $names; do
        if grep -q "^  \"$name\":" "$here/linux/chrome-policies.json" "$here/linux/edge-policies.json"; then
          trouble "look       ${file#"$root"} sets $name too; of two files the last one by name holds"
        fi
      done
    done
  done
}

browser_of() {
  for one in /usr/bin/google-chrome-stable /usr/bin/microsoft-edge-stable /usr/bin/chromium; do
    if [ -x "$root$one" ]; then echo "$one"; return; fi
  done
}

is_ubuntu() { grep -qs '^ID=ubuntu' "$root/etc/os-release"; }

# need PACKAGE WORDS
need() {
  if [ "$packages" = yes ] && [ -z "$root" ]; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1" && changed "installed  $1" && return
  fi
  trouble "missing    $2"
}

programs() {
  if [ -z "$(browser_of)" ]; then
    if is_ubuntu; then
      trouble "missing    a browser: Ubuntu's Chromium is a snap and sees no serial ports. Install Google's or Microsoft's .deb"
    else
      need chromium "a browser: apt-get install chromium, or run this again with --packages"
    fi
  fi
  if [ "$kiosk" = console ] && [ ! -x "$root/usr/bin/cage" ]; then
    need cage "cage, which shows the browser: apt-get install cage, or run this again with --packages"
  fi
}

# Where brltty takes serial adapters for braille displays, it does so before anybody can open them.
keep_brltty_away() {
  for unit in brltty-udev.service brltty@.service; do
    for folder in /usr/lib/systemd/system /lib/systemd/system; do
      if [ -e "$root$folder/$unit" ]; then link /dev/null "/etc/systemd/system/$unit"; break; fi
    done
  done
}

if [ "$remove" = yes ]; then
  take_all_away
else
  if [ "$kiosk" = auto ]; then
    if [ -e "$root/etc/systemd/system/display-manager.service" ]; then kiosk=desktop; else kiosk=console; fi
  fi
  put "$here/linux/chrome-policies.json" /etc/opt/chrome/policies/managed/fieldbench.json 0644
  put "$here/linux/chrome-policies.json" /etc/chromium/policies/managed/fieldbench.json 0644
  put "$here/linux/edge-policies.json" /etc/opt/edge/policies/managed/fieldbench.json 0644
  other_policies
  put "$here/linux/60-fieldbench.rules" /etc/udev/rules.d/60-fieldbench.rules 0644
  if grep -q '^SUBSYSTEM' "$here/linux/60-fieldbench.rules"; then keep_brltty_away; fi
  if [ "$kiosk" != none ]; then
    programs
    put "$here/linux/kiosk" /usr/local/lib/fieldbench/kiosk 0755
  fi
  if [ "$kiosk" = console ]; then
    put "$here/linux/sysusers.conf" /etc/sysusers.d/fieldbench.conf 0644
    put "$here/linux/tmpfiles.conf" /etc/tmpfiles.d/fieldbench.conf 0644
    put "$here/linux/pam" /etc/pam.d/fieldbench-kiosk 0644
    put "$here/linux/fieldbench-kiosk.service" /etc/systemd/system/fieldbench-kiosk.service 0644
    link /etc/systemd/system/fieldbench-kiosk.service \
      /etc/systemd/system/graphical.target.wants/fieldbench-kiosk.service
  fi
  if [ "$kiosk" = desktop ]; then
    put "$here/linux/fieldbench-kiosk-desktop.service" /etc/systemd/user/fieldbench-kiosk.service 0644
    link /etc/systemd/user/fieldbench-kiosk.service \
      /etc/systemd/user/graphical-session.target.wants/fieldbench-kiosk.service
  fi
fi

if [ "$changes" -gt 0 ] && [ -z "$root" ]; then
  if [ "$remove" = no ] && [ "$kiosk" = console ]; then
    systemd-sysusers /etc/sysusers.d/fieldbench.conf
    systemd-tmpfiles --create /etc/tmpfiles.d/fieldbench.conf
  fi
  # In a container neither runs; there is nothing to tell it then.
  if [ -d /run/udev ]; then udevadm control --reload && udevadm trigger --subsystem-match=usb --subsystem-match=tty; fi
  if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
fi

if [ "$changes" -eq 0 ]; then
  say "Nothing was changed."
elif [ "$remove" = yes ]; then
  say "$changes changes. Restart the computer."
else
  say "$changes changes. Restart the computer: the station is on its screen then."
fi
if [ "$troubles" -gt 0 ]; then exit 1; fi
