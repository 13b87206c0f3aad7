/**
 * The text of a condition to its tree: comparisons, `in`, `and`, `or`, `not`, parentheses; no code.
 *
 * Every name must exist and every comparison make sense, so that a slip of the pen is found here and not by a unit
 * that skipped its test. Below: when-words.ts. Above: read/. Knows nothing of YAML.
 */
import type { Scalar } from '#measure/scalar.ts';
import { proposal } from '#procedure/nearest.ts';
import {
  COMPARISONS,
  PHASE_OUTCOMES,
  type Comparison,
  type WhenError,
  type WhenKind,
  type WhenScope,
  type WhenTree,
} from '#procedure/when/when-tree.ts';
import { whenWords, type WhenWord } from '#procedure/when/when-words.ts';

/** Longer than any condition that a person can check by reading; it also bounds how deep parentheses can nest. */
export const LONGEST_WHEN = 1000;

export function parseWhen(text: string, scope: WhenScope): { readonly tree: WhenTree } | WhenError {
  if (text.length > LONGEST_WHEN)
    return { offset: LONGEST_WHEN, message: `the condition is longer than ${LONGEST_WHEN} characters` };
  const words = whenWords(text);
  if (!Array.isArray(words)) return words;
  try {
    return { tree: new Grammar(words, scope).whole() };
  } catch (thrown) {
    if (thrown instanceof Wrong) return { offset: thrown.offset, message: thrown.message };
    throw thrown;
  }
}

class Wrong extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

interface Part extends WhenKind {
  readonly tree: WhenTree;
  readonly offset: number;
}

class Grammar {
  readonly #words: readonly WhenWord[];
  readonly #scope: WhenScope;
  #next = 0;

  constructor(words: readonly WhenWord[], scope: WhenScope) {
    this.#words = words;
    this.#scope = scope;
  }

  whole(): WhenTree {
    const part = truth(this.#or());
    if (this.#word.kind !== 'end')
      throw new Wrong(
        this.#word.offset,
        `${shown(this.#word)} is not expected here; join conditions with “and” or “or”`,
      );
    return part.tree;
  }

  #or(): Part {
    return this.#chain('or', () => this.#and());
  }

  #and(): Part {
    return this.#chain('and', () => this.#not());
  }

  #chain(kind: 'and' | 'or', part: () => Part): Part {
    let left = part();
    while (this.#takes(kind)) {
      const right = truth(part());
      left = flag({ kind, left: truth(left).tree, right: right.tree }, left.offset);
    }
    return left;
  }

  #not(): Part {
    const { offset } = this.#word;
    if (!this.#takes('not')) return this.#comparison();
    return flag({ kind: 'not', of: truth(this.#not()).tree }, offset);
  }

  #comparison(): Part {
    const left = this.#value();
    const word = this.#word;
    const operator = COMPARISONS.find((one) => word.kind === 'sign' && word.text === one);
    if (operator) {
      this.#next += 1;
      const right = this.#value();
      checkComparison(left, operator, right, word.offset);
      return flag({ kind: 'compare', operator, left: left.tree, right: right.tree }, left.offset);
    }
    if (this.#takes('in')) return this.#member(left, false);
    if (word.kind === 'name' && word.text === 'not') {
      this.#next += 1;
      if (!this.#takes('in')) throw new Wrong(this.#word.offset, 'after “not” there must be “in” here');
      return this.#member(left, true);
    }
    return left;
  }

  #member(of: Part, negated: boolean): Part {
    this.#expect('[', "a list in brackets, such as ['a', 'b']");
    const list: Scalar[] = [];
    do {
      const item = this.#value();
      if (item.tree.kind !== 'literal') throw new Wrong(item.offset, 'a list has only plain values');
      checkComparison(of, '==', item, item.offset);
      list.push(item.tree.value);
    } while (this.#takesSign(','));
    this.#expect(']', '“,” or “]”');
    return flag({ kind: 'member', negated, of: of.tree, list }, of.offset);
  }

  #value(): Part {
    const word = this.#word;
    const { offset } = word;
    if (this.#takesSign('(')) {
      const inner = this.#or();
      this.#expect(')', '“)”');
      return { ...inner, offset };
    }
    this.#next += 1;
    if (word.kind === 'literal') {
      if (Number.isNaN(word.value)) throw new Wrong(offset, 'this duration lies outside 1ms to 24h');
      return { tree: { kind: 'literal', value: word.value }, kind: word.of, offset };
    }
    if (word.kind === 'parameter') return this.#parameter(word.text, offset);
    if (word.kind === 'name' && !['and', 'or', 'not', 'in'].includes(word.text)) return this.#name(word.text, offset);
    throw new Wrong(
      offset,
      word.kind === 'end' ? 'the condition ends too early' : `a value is missing before ${shown(word)}`,
    );
  }

  #parameter(name: string, offset: number): Part {
    const { parameters } = this.#scope;
    const kind = parameters.get(name);
    if (!kind) throw new Wrong(offset, `there is no parameter “${name}”${proposal(name, [...parameters.keys()])}`);
    if (kind.kind === 'list') throw new Wrong(offset, `“${name}” is a range and cannot be compared`);
    return { ...kind, tree: { kind: 'parameter', name }, offset };
  }

  #name(text: string, offset: number): Part {
    const { unitFields, phases } = this.#scope;
    const [first, ...rest] = text.split('.');
    if (first === 'unit' && rest.length > 0) {
      const field = rest.join('.');
      if (unitFields.includes(field)) return { kind: 'text', tree: { kind: 'unit', field }, offset };
      throw new Wrong(
        offset,
        `a unit has no “${field}”${proposal(field, unitFields) || ` (${unitFields.join(', ')})`}`,
      );
    }
    if (first === 'phase' && rest.length > 0) {
      const [phase = '', what, ...more] = rest;
      if (what !== 'outcome' || more.length > 0)
        throw new Wrong(offset, `of a phase, only its outcome can be asked: phase.${phase}.outcome`);
      if (phases.includes(phase))
        return { kind: 'text', options: PHASE_OUTCOMES, tree: { kind: 'outcome', phase }, offset };
      const known = proposal(phase, phases) || (phases.length > 0 ? `; there are: ${phases.join(', ')}` : '');
      throw new Wrong(offset, `no phase “${phase}” has ended before this one${known}`);
    }
    throw new Wrong(offset, this.#stray(text));
  }

  #stray(text: string): string {
    const { parameters, unitFields, phases } = this.#scope;
    const known = [
      ...[...parameters.keys()].map((name) => [name, `\${${name}}`] as const),
      ...unitFields.map((field) => [field, `unit.${field}`] as const),
      ...phases.flatMap((key) => [
        [key, `phase.${key}.outcome`] as const,
        [`${key}.outcome`, `phase.${key}.outcome`] as const,
      ]),
    ];
    const meant = known.find(([name]) => name === text)?.[1] ?? `'${text}'`;
    return `“${text}” is nothing by itself; did you mean ${meant}?`;
  }

  get #word(): WhenWord {
    return this.#words[Math.min(this.#next, this.#words.length - 1)]!;
  }

  #takes(name: string): boolean {
    const word = this.#word;
    const taken = word.kind === 'name' && word.text === name;
    if (taken) this.#next += 1;
    return taken;
  }

  #takesSign(sign: string): boolean {
    const word = this.#word;
    const taken = word.kind === 'sign' && word.text === sign;
    if (taken) this.#next += 1;
    return taken;
  }

  #expect(sign: string, what: string): void {
    if (!this.#takesSign(sign)) throw new Wrong(this.#word.offset, `here must stand ${what}, not ${shown(this.#word)}`);
  }
}

function flag(tree: WhenTree, offset: number): Part {
  return { tree, kind: 'flag', offset };
}

function truth(part: Part): Part {
  if (part.kind === 'flag') return part;
  throw new Wrong(
    part.offset,
    `this is a ${part.kind}, not something that is true or false; compare it with something`,
  );
}

function checkComparison(left: Part, operator: Comparison, right: Part, offset: number): void {
  if (left.kind !== right.kind) throw new Wrong(offset, `a ${left.kind} cannot be compared with a ${right.kind}`);
  const ordered = left.kind === 'number' || left.kind === 'duration';
  if (!ordered && operator !== '==' && operator !== '!=')
    throw new Wrong(offset, `“${operator}” compares numbers and durations; here stands a ${left.kind}`);
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const)
    if (one.options && other.tree.kind === 'literal' && !one.options.includes(other.tree.value as string)) {
      const near = proposal(String(other.tree.value), one.options);
      throw new Wrong(other.offset, `this can only be ${one.options.join(', ')}, never “${other.tree.value}”${near}`);
    }
}

function shown(word: WhenWord): string {
  if (word.kind === 'end') return 'the end';
  return `“${word.kind === 'literal' ? word.value : word.kind === 'parameter' ? `\${${word.text}}` : word.text}”`;
}
