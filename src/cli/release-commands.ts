/**
 * The commands for releases: which one, with which options, and what is wrong usage.
 *
 * Above: command-line.ts. Below: one file a command. Knows nothing of what they do.
 */
import { parseArgs } from 'node:util';
import { Fault, messageOf } from '#base/fault.ts';
import { keys } from './keys.ts';
import { pack } from './pack.ts';
import { pin } from './pin.ts';
import { publish, rollback } from './publish.ts';
import { exitOf } from './release-fault.ts';
import { keygen, signBundle } from './sign.ts';
import { advanceRollout, haltRollout, resumeRollout, startRollout } from './rollout.ts';
import { rolloutStatus } from './rollout-status.ts';
import type { Terminal } from './terminal.ts';

/** Wrong usage; `sysexits.h` calls it EX_USAGE. */
const WRONG_USAGE = 64;

const ROLLOUT = 'rollout';
const isHelp = (word: string) => word === '--help' || word === '-h';

const FLAGS = {
  json: { type: 'boolean' },
  out: { type: 'string' },
  key: { type: 'string' },
  add: { type: 'string' },
  name: { type: 'string' },
  from: { type: 'string' },
  revoke: { type: 'string' },
  'signed-only': { type: 'string' },
  to: { type: 'string' },
  as: { type: 'string' },
  procedure: { type: 'string' },
  staged: { type: 'boolean' },
  plan: { type: 'string' },
  server: { type: 'string' },
  reason: { type: 'string' },
} as const;
type Flag = keyof typeof FLAGS;
type Texts = { readonly [K in Exclude<Flag, 'json' | 'staged'>]?: string };
interface Switches {
  readonly json: boolean;
  readonly staged: boolean;
}

interface Command {
  /** What its one argument is called. */
  readonly takes: string;
  readonly needs: readonly Flag[];
  readonly may: readonly Flag[];
  run(given: string, texts: Texts, switches: Switches, terminal: Terminal): Promise<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  pack: {
    takes: 'the FOLDER of a procedure',
    needs: [],
    may: ['out', 'json'],
    run: (folder, { out }, { json }, terminal) => pack(folder, { out, json }, terminal),
  },
  keygen: { takes: 'a new FILE', needs: [], may: [], run: (file, _, __, terminal) => keygen(file, terminal) },
  sign: {
    takes: 'a BUNDLE',
    needs: ['key'],
    may: [],
    run: (file, { key = '' }, _, terminal) => signBundle(file, key, terminal),
  },
  keys: {
    takes: 'the FOLDER of the fleet',
    needs: [],
    may: ['add', 'name', 'from', 'revoke', 'signed-only', 'key', 'json'],
    run: (folder, { 'signed-only': only, ...texts }, { json }, terminal) =>
      keys(folder, { ...texts, json, ...(only === undefined ? {} : { signedOnly: only === 'yes' }) }, terminal),
  },
  publish: {
    takes: 'a BUNDLE',
    needs: ['to', 'key'],
    may: ['as', 'staged'],
    run: (file, { to = '', key = '', as }, { staged }, terminal) => publish(file, { to, key, as, staged }, terminal),
  },
  rollback: {
    takes: 'the FOLDER of the fleet',
    needs: ['procedure', 'key'],
    may: ['to'],
    run: (folder, { procedure = '', to, key = '' }, _, terminal) => rollback(folder, { procedure, to, key }, terminal),
  },
  pin: {
    takes: 'the FOLDER of the fleet',
    needs: ['key'],
    may: [],
    run: (folder, { key = '' }, _, terminal) => pin(folder, key, terminal),
  },
  'rollout start': {
    takes: 'the FOLDER of the fleet',
    needs: ['plan', 'key'],
    may: [],
    run: (folder, { plan = '', key = '' }, _, terminal) => startRollout(folder, plan, key, terminal),
  },
  'rollout status': {
    takes: 'the FOLDER of the fleet',
    needs: [],
    may: ['server', 'json'],
    run: (folder, { server }, { json }, terminal) => rolloutStatus(folder, { server, json }, terminal),
  },
  'rollout advance': {
    takes: 'the FOLDER of the fleet',
    needs: ['procedure', 'key'],
    may: ['server'],
    run: (folder, { procedure = '', key = '', server }, _, terminal) =>
      advanceRollout(folder, procedure, { key, server }, terminal),
  },
  'rollout halt': {
    takes: 'the FOLDER of the fleet',
    needs: ['procedure', 'reason', 'key'],
    may: [],
    run: (folder, { procedure = '', reason = '', key = '' }, _, terminal) =>
      haltRollout(folder, procedure, { key, reason }, terminal),
  },
  'rollout resume': {
    takes: 'the FOLDER of the fleet',
    needs: ['procedure', 'key'],
    may: [],
    run: (folder, { procedure = '', key = '' }, _, terminal) => resumeRollout(folder, procedure, key, terminal),
  },
};

/** @returns the exit code; null when it is no command for releases, or help is asked for */
export async function releaseCommand(args: readonly string[], terminal: Terminal): Promise<number | null> {
  const words = args[0] === ROLLOUT ? 2 : 1;
  const [name, rest] = [args.slice(0, words).join(' '), args.slice(words)];
  if (args[0] === ROLLOUT && !Object.hasOwn(COMMANDS, name) && !args.some(isHelp)) {
    terminal.err('rollout knows start, status, advance, halt and resume.\nSee fieldbench --help.');
    return WRONG_USAGE;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command || args.some(isHelp)) return null;
  const usage = usageOf(name, command, rest);
  if (typeof usage === 'string') {
    terminal.err(`${usage}\nSee fieldbench --help.`);
    return WRONG_USAGE;
  }
  try {
    return await command.run(usage.given, usage.texts, usage.switches, terminal);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    terminal.err(`${thrown.message} ${thrown.remedy}`);
    return exitOf(thrown);
  }
}

interface Usage {
  readonly given: string;
  readonly texts: Texts;
  readonly switches: Switches;
}

/** @returns what is wrong, in words, when it is no usage */
function usageOf(name: string, { takes, needs, may }: Command, rest: readonly string[]): Usage | string {
  let parsed;
  try {
    parsed = parseArgs({ args: [...rest], options: FLAGS, allowPositionals: true });
  } catch (thrown) {
    return messageOf(thrown);
  }
  const { values, positionals } = parsed;
  const [given, more] = positionals;
  if (given === undefined) return `${name} needs ${takes}.`;
  if (more !== undefined) return `${name} takes one argument; “${more}” is too many.`;
  const foreign = Object.keys(values).find((flag) => ![...needs, ...may].includes(flag as Flag));
  if (foreign !== undefined) return `${name} takes no --${foreign}.`;
  const missing = needs.find((flag) => values[flag] === undefined);
  if (missing !== undefined) return `${name} needs --${missing}.`;
  const only = values['signed-only'];
  if (only !== undefined && only !== 'yes' && only !== 'no') return `--signed-only needs yes or no, not “${only}”.`;
  const { json = false, staged = false, ...texts } = values;
  return { given, texts, switches: { json, staged } };
}
