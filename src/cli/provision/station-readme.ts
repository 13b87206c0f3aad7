/**
 * What a person at the station reads: what lies in the folder, and what to do with it on this computer or tablet.
 *
 * Pure. Above: station-files.ts. The same for every station but for its names, devices and secret.
 */
import type { StationPlan } from './station-plan.ts';

export function stationReadme(plan: StationPlan): string {
  const { station, origin, devices } = plan;
  return `# Station ${station}

Everything that makes a computer or tablet station **${station}** on ${origin}. Written by \`fieldbench provision\`; run it again after
the fixtures of the fleet have changed, then do the step of your system below once more.

${plan.isShared ? SHARED : LOCKED}

| Devices that ${origin} may use without a question | |
|---|---|
${row('Serial ports', devices.serial)}
${row('USB devices', devices.usb)}

From ${devices.procedures.length === 0 ? 'no procedure at all' : `the procedures ${devices.procedures.join(', ')}`}.

## Debian and Ubuntu

    sudo ./install.sh

It says what it changed, and changes nothing when it is run again. \`--packages\` also installs what is missing. Restart the computer: the
station is on its screen, and comes back whenever its browser ends. On a computer without a desktop the browser has the screen to itself;
where there is a desktop it starts with the session, so let the computer sign its user in by itself. That user must be in the group \`dialout\`.
\`--root DIR\` writes into an image instead. \`--remove\` takes everything away again.

On Ubuntu use Google's or Microsoft's \`.deb\`: a browser in a snap or flatpak sees no serial ports.

## Windows

Double-click \`windows\\chrome-policies.reg\` (or \`edge-policies.reg\`), then \`chrome-full-screen.reg\` (or \`edge-full-screen.reg\`), which starts the
station with every sign-in; let the computer sign its user in by itself. By Group Policy or Intune the same names and values do. Take the
policies of one browser only, that of the station. An instrument with a VISA driver is not reached over USB: use its serial port.

## macOS

Install \`macos/fieldbench.mobileconfig\` (**System Settings, General, Device Management**, or your management server). Put \`macos/org.fieldbench.station.plist\`
into \`/Library/LaunchAgents\`, owned by root: it starts Chrome full screen with every sign-in, and again when it ends.

## ChromeOS

In the Admin console add ${origin}/ as a kiosk app (**Devices, Chrome, Apps & extensions, Kiosks**) and have it start by itself. Enter what
\`chromeos/policies.json\` lists under the same names; serial devices are granted only where user or kiosk and device belong to one organisation. Keep the channel **Stable**. No
managed guest session: its runs are gone with it.

## Android

With the Android Management API create a web app from \`android/web-app.json\`, and merge \`android/policy.json\` into the policy of the device; with another
management server enter its values under the managed configuration of Chrome. Give the web app the type \`KIOSK\`. Android asks
once for each USB device that is not granted.

## Enrol it

${plan.enrolment ? enrolWith(plan) : ENROL_BY_HAND}

## Look at it

Open **Settings, Check this station**: each line that is not right says what to do. \`chrome://policy\` (Edge: \`edge://policy\`) shows what is in force.
`;
}

const LOCKED = `This computer is nothing but a station: its browser opens no other address, takes no extensions, and has no tools for developers. Where it is
also used for other things, run \`fieldbench provision\` with \`--shared\`.`;
const SHARED = `This computer is also used for other things: other sites are left as they were.`;

function row(name: string, ids: readonly string[]): string {
  return `| ${name} | ${ids.length > 0 ? ids.map((id) => `\`${id}\``).join(', ') : 'none'} |`;
}

function enrolWith({ secret }: StationPlan): string {
  const what = secret === 'key' ? 'TofuPilot’s key of this station' : 'this station’s token for the relay';
  return `\`secret/label.svg\` (to print) and \`secret/enrolment.txt\` hold the link that enrols the station, and in it ${what}. **These two files
are the only ones here that hold it.** Both are readable by their owner only, and Git leaves the folder out.

Scan the label with the tablet, or open the link once in the station's browser; or enter name and ${secret} on its first screen, where a scanner that
types can read neither for you. Then take the label off and remove \`secret/\`.`;
}

const ENROL_BY_HAND = `No key was given. Open the app and enter the station's name and its key on the first screen. \`label.svg\` (to print) holds the
address and no secret.`;
