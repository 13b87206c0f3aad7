/**
 * Policies as a registry file for Windows, and what starts the browser full screen there.
 *
 * Pure. A list is a key of its own with values 1, 2, 3 …; an object is one text of JSON; true and false are 1 and 0. In
 * ASCII with CR LF, as the registry editor reads it. Below: browser-policies.ts.
 */
import type { Policies } from './browser-policies.ts';

const HEADER = 'Windows Registry Editor Version 5.00';
const RUN = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run';

/** By browser: where its policies stand, and which channel its updater keeps to. */
export const WINDOWS_BROWSERS = {
  chrome: {
    key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Google\\Chrome',
    // Google Update, "Target Channel override", by the id of Chrome.
    updater: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Google\\Update',
    channel: 'TargetChannel{8A69D345-D564-463C-AFF1-A69D9E530F96}',
    program: 'chrome.exe',
    // Edge's own kiosk mode throws the site's data away; a window in full screen keeps it.
    fullScreen: (origin: string) => `--kiosk ${origin}/`,
  },
  edge: {
    key: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Edge',
    updater: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\EdgeUpdate',
    channel: 'TargetChannel{56EB18F8-B008-4CBD-B6D2-8C97FE7E9062}',
    program: 'msedge.exe',
    fullScreen: (origin: string) => `--app=${origin}/ --start-fullscreen`,
  },
} as const;

export type WindowsBrowser = keyof typeof WINDOWS_BROWSERS;

export function registryFile(browser: WindowsBrowser, policies: Policies): string {
  const { key, updater, channel } = WINDOWS_BROWSERS[browser];
  const all = Object.entries(policies);
  const values = all.filter(([, value]) => !isList(value)).map(([name, value]) => `"${name}"=${written(value)}`);
  const lists = all.flatMap(([name, value]) => (isList(value) ? listKey(`${key}\\${name}`, value) : []));
  return lines(HEADER, '', `[${key}]`, ...values, '', ...lists, `[${updater}]`, `"${channel}"="stable"`, '');
}

/** Starts the browser with every sign-in, through the shell's list of programs, wherever it is installed. */
export function fullScreenFile(browser: WindowsBrowser, origin: string): string {
  const { program, fullScreen } = WINDOWS_BROWSERS[browser];
  const command = `cmd.exe /c start "" ${program} --no-first-run --overscroll-history-navigation=0 ${fullScreen(origin)}`;
  return lines(HEADER, '', `[${RUN}]`, `"Fieldbench"=${quoted(command)}`, '');
}

/** The key goes first: of a longer list that stood there nothing may be left. */
function listKey(key: string, items: readonly string[]): string[] {
  return [`[-${key}]`, '', `[${key}]`, ...items.map((item, at) => `"${at + 1}"=${quoted(item)}`), ''];
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function written(value: unknown): string {
  if (typeof value === 'boolean') return dword(Number(value));
  if (typeof value === 'number') return dword(value);
  return quoted(typeof value === 'string' ? value : JSON.stringify(value));
}

function dword(value: number): string {
  return `dword:${value.toString(16).padStart(8, '0')}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function lines(...all: string[]): string {
  return all.map((line) => `${line}\r\n`).join('');
}
