/**
 * What keeps a station's browser on the screen of a Debian or Ubuntu computer: units of systemd, the user it runs as, and
 * how that user gets a seat.
 *
 * Pure. Two units for two kinds of computer: one without a desktop, where the browser has the screen to itself (cage), and
 * one inside a desktop session. Both start files/kiosk.sh, and start it again whenever it ends.
 */
export const KIOSK_PROGRAM = '/usr/local/lib/fieldbench/kiosk';
export const KIOSK_USER = 'fieldbench';
const KIOSK_HOME = '/var/lib/fieldbench';
/** Long enough for the page to put the fixture into its safe state. */
const STOP_S = 20;
const AGAIN_S = 2;

const SUPERVISED = `Restart=always
RestartSec=${AGAIN_S}s
TimeoutStopSec=${STOP_S}s
KillMode=mixed
# A page that needs too much memory ends alone, not the browser with it.
OOMPolicy=continue
# FIELDBENCH_BROWSER and FIELDBENCH_FLAGS of this computer, when it needs any.
EnvironmentFile=-/etc/default/fieldbench-kiosk`;

/** For a computer without a desktop. */
export function consoleUnit(origin: string): string {
  return `# Written by \`fieldbench provision\`.
[Unit]
Description=Fieldbench station on ${origin}
After=systemd-user-sessions.service plymouth-quit-wait.service dbus.socket systemd-logind.service getty@tty1.service
Wants=dbus.socket systemd-logind.service
Conflicts=getty@tty1.service
Before=graphical.target
ConditionPathExists=/dev/tty0
# However often it dies.
StartLimitIntervalSec=0

[Service]
ExecStart=/usr/bin/cage -- ${KIOSK_PROGRAM} ${origin}
${SUPERVISED}
User=${KIOSK_USER}
PAMName=fieldbench-kiosk
TTYPath=/dev/tty1
TTYReset=yes
TTYVHangup=yes
TTYVTDisallocate=yes
StandardInput=tty-fail
StandardOutput=journal
StandardError=journal
UtmpIdentifier=tty1
UtmpMode=user

[Install]
WantedBy=graphical.target
`;
}

/** For a computer with a desktop: a unit of whoever is signed in there. */
export function desktopUnit(origin: string): string {
  return `# Written by \`fieldbench provision\`.
[Unit]
Description=Fieldbench station on ${origin}
PartOf=graphical-session.target
After=graphical-session.target
StartLimitIntervalSec=0

[Service]
ExecStart=${KIOSK_PROGRAM} ${origin}
${SUPERVISED}

[Install]
WantedBy=graphical-session.target
`;
}

/** systemd-sysusers makes the user, at the next start of an image at the latest. */
export const SYSUSERS = `# Written by \`fieldbench provision\`.
u ${KIOSK_USER} - "Fieldbench station" ${KIOSK_HOME} /usr/sbin/nologin
m ${KIOSK_USER} dialout
m ${KIOSK_USER} audio
m ${KIOSK_USER} video
`;

export const TMPFILES = `# Written by \`fieldbench provision\`.
d ${KIOSK_HOME} 0700 ${KIOSK_USER} ${KIOSK_USER} -
`;

/** A session with a seat, without a password: nobody else can start this one. */
export const PAM = `# Written by \`fieldbench provision\`.
auth     required pam_permit.so
account  required pam_unix.so
session  required pam_unix.so
session  required pam_systemd.so class=user type=wayland
`;
