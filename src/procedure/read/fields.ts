/**
 * One map of the file, read key by key: kinds, lengths and limits checked, unknown keys refused with a proposal.
 *
 * Every reader in this folder stands on it. A value that is wrong is reported and then read as absent, so that
 * reading goes on. As in TofuPilot, a key with nothing behind it counts as absent. Knows nothing of what is read.
 */
import { checkDuration, parseDuration } from '#procedure/duration.ts';
import type { DriverFacts } from '#procedure/device-config.ts';
import { describe, type Located, type LocatedEntry, type LocatedScalar, type Place } from '#procedure/located.ts';
import { proposal } from '#procedure/nearest.ts';
import type { ProblemCode, Problems } from '#procedure/problem.ts';
import type { ConfiguredValue, Parameters } from '#procedure/read/parameters.ts';

export interface Context {
  readonly problems: Problems;
  readonly parameters: Parameters;
  /** The slot for which the file is read, and the values that it gives to parameters; absent: for no slot of its own. */
  readonly slot?: { readonly name: string; readonly values: ReadonlyMap<string, Located> };
  /** What the station's configuration says instead of defaults. */
  readonly configured: ReadonlyMap<string, ConfiguredValue>;
  readonly drivers: readonly string[];
  readonly readings: (driver: string) => readonly string[];
  readonly facts?: (driver: string) => DriverFacts | undefined;
}

export interface TextRules {
  readonly max?: number;
  /** `embed`: `${name}` inside is written out. `literal`: it stays as it is. Otherwise it is refused. */
  readonly parameters?: 'embed' | 'literal';
  readonly mayBeEmpty?: boolean;
  /** Blanks at the ends belong to it: a terminator, a command. */
  readonly untrimmed?: boolean;
}

export class Fields {
  readonly what: string;
  readonly place: Place;
  readonly context: Context;
  readonly #entries = new Map<string, LocatedEntry>();

  /** @param what names the map in messages, e.g. `phase “Power rails”` */
  constructor(context: Context, node: Located, what: string, known: readonly string[]) {
    this.context = context;
    this.what = what;
    this.place = node.place;
    if (node.kind !== 'map') {
      this.error('type', node.place, `${what} must be a map of keys and values, not ${describe(node)}`);
      return;
    }
    for (const entry of node.entries) {
      if (known.includes(entry.key)) this.#entries.set(entry.key, entry);
      else this.error('unknown-key', entry.place, `${what} has no key “${entry.key}”${proposal(entry.key, known)}`);
    }
  }

  error(code: ProblemCode, place: Place, message: string): void {
    this.context.problems.error(code, place, message);
  }

  /** The value, unless the key is absent or has nothing behind it. */
  node(key: string): Located | undefined {
    const value = this.#entries.get(key)?.value;
    return value?.kind === 'scalar' && value.value === null ? undefined : value;
  }

  has(key: string): boolean {
    return this.node(key) !== undefined;
  }

  /** Place of the key itself; of the map when it is absent. */
  keyPlace(key: string): Place {
    return this.#entries.get(key)?.place ?? this.place;
  }

  require(key: string): Located | undefined {
    const node = this.node(key);
    if (!node) this.error('missing-key', this.keyPlace(key), `${this.what} needs “${key}”`);
    return node;
  }

  text(key: string, rules: TextRules = {}): string | undefined {
    const node = this.scalar(key);
    if (!node) return undefined;
    if (typeof node.value !== 'string') {
      const hint = node.value === null ? '' : `: write '${node.text}' in quotes`;
      return this.refuse('type', key, `must be a text, not ${describe(node)}${hint}`);
    }
    const value = rules.untrimmed ? node.value : node.value.trim();
    if (value === '' && !rules.mayBeEmpty) return this.refuse('length', key, 'is empty');
    // Characters as a person counts them, not UTF-16 halves.
    const length = [...value].length;
    if (rules.max !== undefined && length > rules.max)
      return this.refuse('length', key, `has ${length} characters; at most ${rules.max} are allowed`);
    if (rules.parameters === 'literal' || !value.includes('${')) return value;
    if (rules.parameters === 'embed') return this.context.parameters.embed(value, node.place) ?? undefined;
    return this.refuse('parameter', key, 'cannot take a parameter');
  }

  requiredText(key: string, rules: TextRules = {}): string | undefined {
    return this.require(key) ? this.text(key, rules) : undefined;
  }

  number(key: string, low = -Infinity, high = Infinity): number | undefined {
    const value = this.#typed(key, 'number', 'a number');
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isFinite(value))
      return this.refuse('type', key, 'must be a finite number');
    if (value < low || value > high)
      return this.refuse('range', key, `is ${value}; it must lie between ${low} and ${high}`);
    return value;
  }

  integer(key: string, low: number, high: number): number | undefined {
    const value = this.number(key, low, high);
    return value === undefined || Number.isInteger(value) ? value : this.refuse('type', key, 'must be a whole number');
  }

  flag(key: string): boolean | undefined {
    return this.#typed(key, 'boolean', 'true or false') as boolean | undefined;
  }

  oneOf<T extends string | number>(key: string, choices: readonly T[]): T | undefined {
    const node = this.scalar(key);
    if (!node) return undefined;
    const value = this.context.parameters.whole(node)?.value ?? node.value;
    if (choices.includes(value as T)) return value as T;
    const near = proposal(String(value), choices.map(String));
    return this.refuse('choice', key, `must be one of ${choices.join(', ')}, not ${describe(node)}${near}`);
  }

  duration(key: string): number | undefined {
    const node = this.node(key);
    return node && this.durationOf(node, key);
  }

  durationOf(node: Located, key: string): number | undefined {
    if (node.kind !== 'scalar')
      return this.refuse('type', key, `must be a duration, not ${describe(node)}`, node.place);
    const parameter = this.context.parameters.whole(node);
    if (parameter === null) return undefined;
    if (parameter && parameter.type !== 'duration')
      return this.refuse('parameter', key, `needs a duration, and ${node.text} is a ${parameter.type}`, node.place);
    if (parameter) return parameter.value as number;
    if (typeof node.value !== 'string' && typeof node.value !== 'number')
      return this.refuse('type', key, `must be a duration, not ${describe(node)}`, node.place);
    const result = typeof node.value === 'number' ? checkDuration(node.value) : parseDuration(node.value);
    if (typeof result === 'number') return result;
    return this.refuse('duration', key, `is no duration (${node.text}): ${result}`, node.place);
  }

  list(key: string): readonly Located[] | undefined {
    const node = this.node(key);
    if (!node) return undefined;
    if (node.kind === 'list') return node.items;
    return this.refuse('type', key, `must be a list, not ${describe(node)}`, node.place);
  }

  /** Texts of a list, each not empty. */
  texts(key: string, rules: TextRules = {}): string[] | undefined {
    return this.list(key)?.flatMap((item) => {
      const single = new Fields(this.context, alone(item), `${this.what}, an entry of “${key}”`, ['item']);
      if (single.has('item')) return single.text('item', rules) ?? [];
      this.refuse('type', key, 'has an entry with nothing in it', item.place);
      return [];
    });
  }

  scalar(key: string): LocatedScalar | undefined {
    const node = this.node(key);
    if (!node) return undefined;
    if (node.kind === 'scalar') return node;
    return this.refuse('type', key, `must be a single value, not ${describe(node)}`, node.place);
  }

  /** Reports a wrong value. @returns undefined: it is read as absent */
  refuse(code: ProblemCode, key: string, message: string, place?: Place): undefined {
    const at = place ?? this.#entries.get(key)?.value.place ?? this.place;
    this.error(code, at, `${this.what}: “${key}” ${message}`);
    return undefined;
  }

  #typed(key: string, kind: 'number' | 'boolean', words: string): number | boolean | undefined {
    const node = this.scalar(key);
    if (!node) return undefined;
    const parameter = this.context.parameters.whole(node);
    if (parameter === null) return undefined;
    const value = parameter ? parameter.value : node.value;
    if (typeof value === kind && parameter?.type !== 'duration') return value as number | boolean;
    if (parameter) return this.refuse('parameter', key, `must be ${words}, and ${node.text} is a ${parameter.type}`);
    return this.refuse('type', key, `must be ${words}, not ${describe(node)}`);
  }
}

/** A list item as a map with one key, so that the same checks apply to it. */
function alone(value: Located): Located {
  return { kind: 'map', entries: [{ key: 'item', place: value.place, value }], place: value.place };
}

/** How messages name a map that has a name of its own: `phase “Power rails”`. */
export function titleOf(node: Located, kind: string, unnamed: string): string {
  const name = node.kind === 'map' ? node.entries.find(({ key }) => key === 'name')?.value : undefined;
  const title = name?.kind === 'scalar' && typeof name.value === 'string' ? name.value.trim() : '';
  return title === '' ? unnamed : `${kind} “${title.slice(0, 100)}”`;
}
