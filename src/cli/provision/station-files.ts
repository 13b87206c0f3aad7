/**
 * Every file of a station: its path in the folder, its text, and who may read it.
 *
 * Pure: the same plan makes the same bytes, with no time in them. Above: provision.ts.
 */
import { chromePolicies, edgePolicies } from './browser-policies.ts';
import { AGENT_LABEL, configurationProfile, launchAgent } from './configuration-profile.ts';
import install from './files/install.sh?raw';
import kiosk from './files/kiosk.sh?raw';
import type { FileToKeep } from './kept-files.ts';
import { consoleUnit, desktopUnit, PAM, SYSUSERS, TMPFILES } from './kiosk-units.ts';
import { stationLabel } from './label.ts';
import { android, androidWebApp, chromeOs, linuxChrome, linuxEdge } from './managed-texts.ts';
import { fullScreenFile, registryFile } from './registry-file.ts';
import type { StationPlan } from './station-plan.ts';
import { stationReadme } from './station-readme.ts';
import { udevRules } from './udev-rules.ts';

const READABLE = 0o644;
const PROGRAM = 0o755;
const OWNER_ONLY = 0o600;
/** The one folder with the secret in it. */
export const SECRET_FOLDER = 'secret';

export function stationFiles(plan: StationPlan): FileToKeep[] {
  const { origin, devices } = plan;
  const open: Readonly<Record<string, string>> = {
    'README.md': stationReadme(plan),
    '.gitignore': `${SECRET_FOLDER}/\n`,
    'linux/chrome-policies.json': linuxChrome(plan),
    'linux/edge-policies.json': linuxEdge(plan),
    'linux/60-fieldbench.rules': udevRules(devices),
    'linux/fieldbench-kiosk.service': consoleUnit(origin),
    'linux/fieldbench-kiosk-desktop.service': desktopUnit(origin),
    'linux/sysusers.conf': SYSUSERS,
    'linux/tmpfiles.conf': TMPFILES,
    'linux/pam': PAM,
    'windows/chrome-policies.reg': registryFile('chrome', chromePolicies(plan)),
    'windows/chrome-full-screen.reg': fullScreenFile('chrome', origin),
    'windows/edge-policies.reg': registryFile('edge', edgePolicies(plan)),
    'windows/edge-full-screen.reg': fullScreenFile('edge', origin),
    'macos/fieldbench.mobileconfig': configurationProfile(plan),
    [`macos/${AGENT_LABEL}.plist`]: launchAgent(plan),
    'chromeos/policies.json': chromeOs(plan),
    'android/policy.json': android(plan),
    'android/web-app.json': androidWebApp(plan),
  };
  return [
    ...Object.entries(open).map(([path, text]) => ({ path, text, mode: READABLE })),
    { path: 'install.sh', text: install, mode: PROGRAM },
    { path: 'linux/kiosk', text: kiosk, mode: PROGRAM },
    ...labels(plan),
  ];
}

function labels(plan: StationPlan): FileToKeep[] {
  if (plan.enrolment === undefined) return [{ path: 'label.svg', text: stationLabel(plan), mode: READABLE }];
  return [
    { path: `${SECRET_FOLDER}/label.svg`, text: stationLabel(plan), mode: OWNER_ONLY },
    { path: `${SECRET_FOLDER}/enrolment.txt`, text: `${plan.enrolment}\n`, mode: OWNER_ONLY },
  ];
}
