/**
 * The command line of `fieldbench provision`, and its help.
 *
 * Above: command-line.ts. Below: provision.ts. A command with many options has them to itself.
 */
import { parseArgs } from 'node:util';
import { messageOf } from '#base/fault.ts';
import type { Terminal } from '../terminal.ts';
import { provision, type ProvisionOptions } from './provision.ts';
import { KEY_VARIABLE } from './station-key.ts';

export const PROVISION_HELP = `  fieldbench provision STATION --origin URL --fleet FOLDER [--out FOLDER]
      Writes everything that makes a computer or tablet station STATION of the server at URL:
      browser policies for Linux, Windows, macOS, ChromeOS and Android that grant exactly the
      devices of the fleet's procedures to exactly that origin, udev rules, a supervised kiosk,
      an install script, a label, and a README. Run again, it changes only what must change.
      The key comes from ${KEY_VARIABLE} or from standard input, never from here.
      --procedure NAME    only this procedure's devices, and enrol the station for it
      --scanner ID        a barcode scanner on a serial port, such as 05f9:4204; repeatable
      --relay-keys FILE   enrol with the station's token in it (also: RELAY_KEYS_FILE)
      --no-key            write no enrolment link
      --shared            the computer is used for other things too: close nothing
      --chooser           a technician may add devices with the browser's chooser
      --offline           do not ask the server; --require-server: it must answer
      --force             also replace what was changed by hand, and keep it
      Exit: 0 all is as it should be, 1 a file that was changed by hand was left, 64 wrong
      usage, name or address, 65 key or procedure cannot be used, 66 no such fleet or
      procedure, 69 the server does not answer, 73 the folder cannot be written.`;

const FLAGS = {
  origin: { type: 'string' },
  fleet: { type: 'string' },
  out: { type: 'string' },
  procedure: { type: 'string' },
  scanner: { type: 'string', multiple: true },
  'relay-keys': { type: 'string' },
  'no-key': { type: 'boolean' },
  shared: { type: 'boolean' },
  chooser: { type: 'boolean' },
  offline: { type: 'boolean' },
  'require-server': { type: 'boolean' },
  force: { type: 'boolean' },
} as const;

/** @param args behind the word `provision`. @returns the exit code, or what is wrong with the usage, in words */
export function provisionFrom(args: readonly string[], terminal: Terminal): Promise<number> | string {
  const options = parse(args, terminal);
  return typeof options === 'string' ? options : provision(options, terminal);
}

function parse(args: readonly string[], { env = {} }: Terminal): ProvisionOptions | string {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
  } catch (thrown) {
    // It repeats a word that it does not know: somebody may have put a key there.
    return messageOf(thrown).replace(/'--?[^']*=[^']*'/, 'that option');
  }
  const { values, positionals } = parsed;
  const [station, ...more] = positionals;
  if (station === undefined) return 'provision needs a STATION, such as taipei-line1-042.';
  if (more.length > 0) return 'provision takes one STATION, and no key: that is asked for, or set in the environment.';
  const { origin, fleet } = values;
  if (origin === undefined) return 'provision needs --origin, the address at which the station opens the app.';
  if (fleet === undefined) return 'provision needs --fleet, the folder with the procedures.';
  if (values.offline && values['require-server']) return '--offline and --require-server exclude each other.';
  const relayKeys = values['relay-keys'] ?? (env['RELAY_KEYS_FILE']?.trim() || undefined);
  return {
    station,
    origin,
    fleet,
    scanners: values.scanner ?? [],
    withoutKey: values['no-key'] === true,
    isShared: values.shared === true,
    mayChoose: values.chooser === true,
    server: values.offline ? 'offline' : values['require-server'] ? 'needed' : 'asked',
    force: values.force === true,
    ...(values.out === undefined ? {} : { out: values.out }),
    ...(values.procedure === undefined ? {} : { procedure: values.procedure }),
    ...(relayKeys === undefined ? {} : { relayKeys }),
  };
}
