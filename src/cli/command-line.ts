/**
 * Which command, with which options; help, and what is wrong usage.
 *
 * Above: fieldbench.ts. Below: one file a command. Knows nothing of procedures.
 */
import { parseArgs } from 'node:util';
import { messageOf } from '#base/fault.ts';
import { EXPORT_FORMATS } from '#exchange/export-files.ts';
import { badge } from './badge.ts';
import { check } from './check.ts';
import { CONFIG_HELP, configCommand } from './config-commands.ts';
import { convert, type Target } from './convert.ts';
import { init } from './init.ts';
import { migrateFolder } from './migrate.ts';
import { PROVISION_HELP, provisionFrom } from './provision/provision-usage.ts';
import { releaseCommand } from './release-commands.ts';
import { RELEASE_HELP } from './release-help.ts';
import { run } from './run.ts';
import type { Options, Terminal } from './terminal.ts';
import { inspectTransfer } from './transfer.ts';

/** Wrong usage; `sysexits.h` calls it EX_USAGE. */
const WRONG_USAGE = 64;
/** A mistake in this program; EX_SOFTWARE. */
const INTERNAL = 70;

const HELP = `fieldbench ${__APP_VERSION__}

  fieldbench init FOLDER
      Writes a small procedure with comments, its simulated bench, and the schema for editors.
      Exit: 0 written, 73 the folder is not empty.

  fieldbench check FOLDER [--json]
      Reads the procedure in FOLDER and says what is wrong, with line and column; of a fleet's
      folder its configuration, tier by tier, and every procedure in it.
      Exit: 0 it loads and can run, 1 it loads and cannot run here, 2 it does not load.

  fieldbench migrate FOLDER [--json]
      Writes today's words into a procedure that has old ones; everything else in the file,
      comments too, stays as it is.
      Exit: 0 no old spelling is left, 1 some must be changed by hand, 2 it does not load,
      73 the file cannot be written.

  fieldbench run FOLDER --simulated [--bench FILE] [--serial SN]… [--seed N]
                 [--answers FILE] [--json]
  fieldbench run FOLDER --wire PLUG=FILE… [the same]
      Runs the procedure on a simulated bench: FILE, or bench.yaml in FOLDER.
      --wire PLUG=FILE  this plug answers as it did in the run that FILE went with
                    (PLUG.wire.json); limits may be others since then. Where something
                    else is sent than was recorded, the run ends as ERROR and says so
      --serial SN   the unit; else the procedure's default or placeholder. With slots
                    given once for each, in their order: the units run side by side
      --part, --revision, --batch NUMBER, --sub-unit KEY=SN, --metadata KEY=VALUE
                    what else a unit is; the last two as often as needed
      --seed N      of the bench's random answers (1)
      --answers FILE  what the operator answers: phase, component, value; else answers.yaml
                    in FOLDER
      --json        events as JSON lines; the last one is the run as it would be uploaded,
                    of several units one line each at the end
      Exit: 0 PASS, 1 FAIL, 2 ERROR, 3 TIMEOUT, 4 ABORTED, of several units the highest;
      64 wrong usage, 65 refused before a unit was touched.

${RELEASE_HELP}

${CONFIG_HELP}

  fieldbench transfer inspect FILE [--json]
      Checks a file that a station has exported, or a receipt, and says what is in it.
      Exit: 0 it is sound, 1 it has problems, 2 it cannot be read.

  fieldbench convert FILE… --to openhtf|csv|atml|fieldbench [--out FOLDER]
      Reads runs (the output of run --json, files that a station has exported, OpenHTF
      records, JSON files of TofuPilot's offline guide) and writes them in one format,
      into FOLDER or to standard output. What a format cannot hold is said.
      Exit: 0 all files, 1 some of them, 2 none.

${PROVISION_HELP}

  fieldbench badge CODE
      The hash of a badge's code, for operators in fleet.yaml; another one each time.

  fieldbench --help | --version`;

/** @returns the exit code */
export async function commandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const released = await releaseCommand(args, terminal);
    if (released !== null) return released;
    if (args[0] === 'config' && !args.includes('--help') && !args.includes('-h'))
      return await configCommand(args.slice(1), terminal);
    if (args[0] === 'provision' && !args.includes('--help') && !args.includes('-h'))
      return await provisioned(args, terminal);
  } catch (thrown) {
    return failed(thrown, terminal);
  }
  const usage = parse(args);
  if (typeof usage === 'string') return misused(usage, terminal);
  const { command, folder, options, conversion } = usage;
  try {
    if (conversion) return await convert(conversion.files, conversion.to, conversion.out, terminal);
    if (command === 'init') return await init(folder, terminal);
    if (command === 'check') return await check(folder, options.json, terminal);
    if (command === 'migrate') return await migrateFolder(folder, options.json, terminal);
    if (command === 'run') return await run(folder, options, terminal);
    if (command === 'badge') return await badge(folder, terminal);
    if (command === 'transfer') return await inspectTransfer(folder, options.json, terminal);
    terminal.out(command === 'version' ? __APP_VERSION__ : HELP);
    return 0;
  } catch (thrown) {
    return failed(thrown, terminal);
  }
}

function failed(thrown: unknown, terminal: Terminal): number {
  terminal.err(`fieldbench failed: ${messageOf(thrown)}`);
  return INTERNAL;
}

async function provisioned(args: readonly string[], terminal: Terminal): Promise<number> {
  const done = await provisionFrom(args.slice(1), terminal);
  return typeof done === 'string' ? misused(done, terminal) : done;
}

function misused(why: string, terminal: Terminal): number {
  terminal.err(`${why}\nSee fieldbench --help.`);
  return WRONG_USAGE;
}

interface Usage {
  readonly command: 'init' | 'check' | 'migrate' | 'run' | 'badge' | 'transfer' | 'convert' | 'help' | 'version';
  /** Of `transfer`: the file; of `badge`: the code. */
  readonly folder: string;
  readonly options: Options;
  /** Of `convert`. */
  readonly conversion?: { readonly files: readonly string[]; readonly to: Target; readonly out?: string };
}

const TARGETS: readonly Target[] = [...EXPORT_FORMATS, 'fieldbench'];
const FLAGS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  json: { type: 'boolean' },
  simulated: { type: 'boolean' },
  bench: { type: 'string' },
  serial: { type: 'string', multiple: true },
  seed: { type: 'string' },
  wire: { type: 'string', multiple: true },
  part: { type: 'string' },
  revision: { type: 'string' },
  batch: { type: 'string' },
  'sub-unit': { type: 'string', multiple: true },
  metadata: { type: 'string', multiple: true },
  answers: { type: 'string' },
  to: { type: 'string' },
  out: { type: 'string' },
} as const;

/** @returns what is wrong, in words, when it is not a usage */
function parse(args: readonly string[]): Usage | string {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
  } catch (thrown) {
    return messageOf(thrown);
  }
  const { values, positionals } = parsed;
  const [command, folder, ...rest] = positionals;
  if (values.help || values.version || command === 'help')
    return { command: values.version ? 'version' : 'help', folder: '', options: { json: false } };
  if (command === undefined) return 'A command is needed.';
  if (command === 'transfer') return transferUsage(positionals.slice(1), values);
  if (command === 'convert') return convertUsage(positionals.slice(1), values);
  if (command === 'badge') {
    if (folder === undefined || rest.length > 0) return 'badge needs one CODE, as the scanner reads it.';
    return (
      foreignFlag('badge', values, [...OF_RUN, 'to', 'out', 'json']) ?? { command, folder, options: { json: false } }
    );
  }
  if (command !== 'init' && command !== 'check' && command !== 'migrate' && command !== 'run')
    return `There is no command “${command}”.`;
  if (folder === undefined)
    return `${command} needs ${command === 'init' ? 'a new FOLDER' : 'the FOLDER of a procedure'}.`;
  if (rest.length > 0) return `${command} takes one FOLDER; “${rest[0]}” is too many.`;
  if (command === 'check' || command === 'migrate') return readingUsage(command, folder, values);
  if (command === 'init') return foreignFlag('init', values) ?? { command, folder, options: { json: false } };
  return runUsage(folder, values);
}

type Values = { [K in keyof typeof FLAGS]?: string | boolean | string[] };
type Flag = keyof typeof FLAGS;
const OF_UNIT: readonly Flag[] = ['part', 'revision', 'batch', 'sub-unit', 'metadata'];
const OF_RUN: readonly Flag[] = ['simulated', 'wire', 'bench', 'serial', 'seed', 'answers', ...OF_UNIT];

function readingUsage(command: 'check' | 'migrate', folder: string, values: Values): Usage | string {
  return foreignFlag(command, values) ?? { command, folder, options: { json: values.json === true } };
}

function transferUsage([action, file, ...rest]: readonly string[], values: Values): Usage | string {
  if (action !== 'inspect') return 'transfer knows one action: inspect FILE.';
  if (file === undefined) return 'transfer inspect needs the FILE that a station has exported.';
  if (rest.length > 0) return `transfer inspect takes one FILE; “${rest[0]}” is too many.`;
  const options = { json: values.json === true };
  return foreignFlag('transfer inspect', values) ?? { command: 'transfer', folder: file, options };
}

function convertUsage(files: readonly string[], values: Values): Usage | string {
  if (files.length === 0) return 'convert needs at least one FILE.';
  const to = TARGETS.find((target) => target === values.to);
  if (!to) return `convert needs --to ${TARGETS.join('|')}.`;
  const foreign = foreignFlag('convert', values, [...OF_RUN, 'json']);
  const out = typeof values.out === 'string' ? { out: values.out } : {};
  return foreign ?? { command: 'convert', folder: '', options: { json: false }, conversion: { files, to, ...out } };
}

/** @returns the complaint about a flag that only others have; undefined when there is none */
function foreignFlag(
  command: string,
  values: Values,
  flags: readonly Flag[] = [...OF_RUN, 'to', 'out'],
): string | undefined {
  const foreign = flags.find((flag) => values[flag] !== undefined);
  return foreign && `${command} takes no --${foreign}.`;
}

function runUsage(folder: string, values: Values): Usage | string {
  const { json, simulated, bench, serial, seed, answers } = values;
  const foreign = foreignFlag('run', values, ['to', 'out']);
  if (foreign) return foreign;
  const wires = pairsOf('wire', values, 'PLUG=FILE');
  if (typeof wires === 'string') return wires;
  if (simulated !== true && wires.size === 0)
    return 'run needs --simulated, or --wire: instruments on wires are reached from the station’s page only.';
  if (typeof seed === 'string' && !/^\d{1,9}$/.test(seed)) return `--seed needs a whole number, not “${seed}”.`;
  const unit = unitSaid(values);
  if (typeof unit === 'string') return unit;
  const options: Options = {
    json: json === true,
    unit,
    ...(typeof bench === 'string' ? { bench } : {}),
    ...(Array.isArray(serial) ? { serials: serial } : {}),
    ...(typeof seed === 'string' ? { seed: Number(seed) } : {}),
    ...(typeof answers === 'string' ? { answers } : {}),
    ...(wires.size > 0 ? { wires: Object.fromEntries(wires) } : {}),
  };
  return { command: 'run', folder, options };
}

/** @returns what is wrong, in words, when it is none */
function unitSaid(values: Values): Readonly<Record<string, string>> | string {
  const said: Record<string, string> = {};
  for (const flag of ['part', 'revision', 'batch'] as const) {
    const value = values[flag];
    if (typeof value === 'string') said[`${flag}_number`] = value;
  }
  for (const flag of ['sub-unit', 'metadata'] as const) {
    const pairs = pairsOf(flag, values, 'KEY=VALUE');
    if (typeof pairs === 'string') return pairs;
    for (const [key, value] of pairs) said[`${flag === 'metadata' ? 'metadata' : 'sub_units'}.${key}`] = value;
  }
  return said;
}

/** What a flag says that may be given several times. @returns what is wrong, in words, when it says nothing */
function pairsOf(flag: Flag, values: Values, form: string): ReadonlyMap<string, string> | string {
  const pairs = new Map<string, string>();
  for (const pair of [values[flag] ?? []].flat()) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(String(pair)) ?? [];
    if (key === undefined || value === undefined) return `--${flag} needs ${form}, not “${String(pair)}”.`;
    if (pairs.has(key)) return `--${flag} says “${key}” twice.`;
    pairs.set(key, value);
  }
  return pairs;
}
