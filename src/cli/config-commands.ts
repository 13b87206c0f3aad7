/**
 * `fieldbench config …`: which of its commands, with which options, and what is wrong usage.
 *
 * Above: command-line.ts. Below: config.ts. Knows nothing of what they do.
 */
import { parseArgs } from 'node:util';
import { Fault, messageOf } from '#base/fault.ts';
import { diffConfigurations, publishConfigurations, showConfiguration } from './config.ts';
import { exitOf } from './release-fault.ts';
import type { Terminal } from './terminal.ts';

export const CONFIG_HELP = `  fieldbench config show STATION --in FOLDER [--json]
      Every value that the station goes by, the tier that it comes from, file and line.
      FOLDER is the fleet's: fleet.yaml, and config/ with sites, lines, products, stations.

  fieldbench config diff FOLDER
      What publishing would change, station by station.

  fieldbench config publish FOLDER --key FILE [--to FOLDER]
      One signed document for each file in FOLDER/config/stations, into FOLDER/releases.

      Exit of these: 0 done, 1 refused, 2 something cannot be read, 64 wrong usage, 73 cannot be written.`;

/** Wrong usage; `sysexits.h` calls it EX_USAGE. */
const WRONG_USAGE = 64;
const FLAGS = {
  json: { type: 'boolean' },
  in: { type: 'string' },
  key: { type: 'string' },
  to: { type: 'string' },
} as const;

/** @param args after `config` */
export async function configCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const misused = (why: string) => {
    terminal.err(`${why}\nSee fieldbench --help.`);
    return WRONG_USAGE;
  };
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
  } catch (thrown) {
    return misused(messageOf(thrown));
  }
  const { values, positionals } = parsed;
  const [action, given, more] = positionals;
  if (action !== 'show' && action !== 'diff' && action !== 'publish')
    return misused('config knows three actions: show, diff, publish.');
  if (given === undefined)
    return misused(`config ${action} needs ${action === 'show' ? 'a STATION' : 'the FOLDER of the fleet'}.`);
  if (more !== undefined) return misused(`config ${action} takes one argument; “${more}” is too many.`);
  const may = { show: ['in', 'json'], diff: [], publish: ['key', 'to'] }[action] as readonly string[];
  const foreign = Object.keys(values).find((flag) => !may.includes(flag));
  if (foreign !== undefined) return misused(`config ${action} takes no --${foreign}.`);
  try {
    if (action === 'diff') return await diffConfigurations(given, terminal);
    if (action === 'show') {
      if (values.in === undefined) return misused('config show needs --in, the FOLDER of the fleet.');
      return await showConfiguration(given, values.in, values.json === true, terminal);
    }
    if (values.key === undefined) return misused('config publish needs --key.');
    return await publishConfigurations(given, { key: values.key, to: values.to }, terminal);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    terminal.err(`${thrown.message} ${thrown.remedy}`);
    return exitOf(thrown);
  }
}
