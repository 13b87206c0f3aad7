/**
 * The `parameters` section, and putting its values where `${name}` stands.
 *
 * Substituted typed, not textually: a whole `${name}` becomes the parameter's value and keeps its kind; only inside a
 * longer text (a command) does it become text. What a configuration says stands in the place of a default, and is held
 * to the same type. Above: every reader. Knows nothing of how tiers are merged.
 */
import { checkDuration, parseDuration } from '#procedure/duration.ts';
import { describe, type Located, type LocatedScalar, type Place } from '#procedure/located.ts';
import { proposal } from '#procedure/nearest.ts';
import type { Problems } from '#procedure/problem.ts';

export const PARAMETER_TYPES = ['number', 'range', 'string', 'boolean', 'choice', 'duration'] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];
export type ParameterValue = number | string | boolean | readonly number[];

/** As a configuration says it: a duration may be `50ms`, a range is [low, high]. */
export interface ConfiguredValue {
  readonly value: unknown;
  /** `line` */
  readonly tier: string;
}

export interface Parameter {
  readonly type: ParameterType;
  readonly unit?: string;
  /** `range`: [low, high]. `duration`: milliseconds. */
  readonly value: ParameterValue;
  /** Of a `choice`. */
  readonly options?: readonly string[];
}

const WHOLE = /^\$\{([^{}]*)\}$/;
const EMBEDDED = /\$\{([^{}]*)\}/g;

export class Parameters {
  readonly #problems: Problems;
  readonly #known = new Map<string, Parameter>();

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  add(name: string, parameter: Parameter): void {
    this.#known.set(name, parameter);
  }

  entries(): Iterable<readonly [string, Parameter]> {
    return this.#known;
  }

  /** The parameter that a scalar is as a whole. null: it names one that does not exist (said already). */
  whole(node: LocatedScalar): Parameter | null | undefined {
    const name = typeof node.value === 'string' ? WHOLE.exec(node.value)?.[1] : undefined;
    return name === undefined ? undefined : this.find(name.trim(), node.place);
  }

  /** The text with the parameters in it written out; null when one cannot be. */
  embed(text: string, place: Place): string | null {
    let broken = false;
    const result = text.replaceAll(EMBEDDED, (_, name: string) => {
      const parameter = this.find(name.trim(), place);
      if (parameter && typeof parameter.value !== 'object') return String(parameter.value);
      if (parameter) this.#problems.error('parameter', place, `“${name}” is a range and cannot stand inside a text`);
      broken = true;
      return '';
    });
    return broken ? null : result;
  }

  find(name: string, place: Place): Parameter | null {
    const parameter = this.#known.get(name);
    if (parameter) return parameter;
    const near = proposal(name, [...this.#known.keys()]);
    this.#problems.error('parameter', place, `there is no parameter “${name}”${near}`);
    return null;
  }
}

/** @returns the value, or why the default does not fit its type */
export function parameterValue(
  type: ParameterType,
  node: Located,
  options: readonly string[],
): { value: ParameterValue } | string {
  if (type === 'range') return rangeValue(node);
  const value = node.kind === 'scalar' ? node.value : null;
  switch (type) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
        ? { value }
        : `must be a number, not ${describe(node)}`;
    case 'boolean':
      return typeof value === 'boolean' ? { value } : `must be true or false, not ${describe(node)}`;
    case 'string':
      return typeof value === 'string' ? { value } : `must be a text (in quotes), not ${describe(node)}`;
    case 'choice':
      if (typeof value === 'string' && options.includes(value)) return { value };
      return `must be one of ${options.join(', ')}, not ${describe(node)}${proposal(String(value), options)}`;
    case 'duration': {
      const duration =
        typeof value === 'number' ? checkDuration(value) : typeof value === 'string' ? parseDuration(value) : null;
      if (typeof duration === 'number') return { value: duration };
      return duration ?? `must be a duration such as 50ms, not ${describe(node)}`;
    }
  }
}

function rangeValue(node: Located): { value: ParameterValue } | string {
  const items = node.kind === 'list' ? node.items.map((item) => (item.kind === 'scalar' ? item.value : null)) : [];
  const [low, high] = items;
  if (items.length !== 2 || typeof low !== 'number' || typeof high !== 'number')
    return `must be [low, high], not ${describe(node)}`;
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high)
    return `must be two finite numbers, the lower one first`;
  return { value: [low, high] };
}

/** A plain value as if it stood at that place, so that one reader judges both. */
export function locatedValue(value: unknown, place: Place): Located {
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => locatedValue(item, place)), place };
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return { kind: 'scalar', value: scalar, text: String(value), style: 'plain', place };
}
