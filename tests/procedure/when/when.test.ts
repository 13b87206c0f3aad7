/** RULES.md 11: conditions, from the text to the answer; generated ones are checked against a second, plain evaluator. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { constantWhen } from '#procedure/when/constant-when.ts';
import { evaluateWhen } from '#procedure/when/evaluate-when.ts';
import { parseWhen } from '#procedure/when/parse-when.ts';
import type { WhenScope, WhenTree, WhenValues } from '#procedure/when/when-tree.ts';

const SCOPE: WhenScope = {
  parameters: new Map([
    ['variant', { kind: 'text', options: ['lite', 'full'] }],
    ['count', { kind: 'number' }],
    ['limit', { kind: 'number' }],
    ['burn_in', { kind: 'flag' }],
    ['settle', { kind: 'duration' }],
    ['rail', { kind: 'list' }],
  ]),
  unitFields: ['serial_number', 'batch_number', 'metadata.colour'],
  phases: ['rails', 'constructor'],
};
const VALUES: WhenValues = {
  parameters: { variant: 'full', count: 3, limit: 5, burn_in: false, settle: 50 },
  unit: { serial_number: 'SN-1', 'metadata.colour': 'red' },
  outcomes: { rails: 'FAIL' },
};

const treeOf = (text: string): WhenTree => {
  const read = parseWhen(text, SCOPE);
  if ('message' in read) throw new Error(`${read.offset}: ${read.message}`);
  return read.tree;
};
const ask = (text: string, values = VALUES) => evaluateWhen(treeOf(text), values);

describe('rule 11: what a condition says', () => {
  test.each([
    ["${variant} != 'lite'", true],
    ["${variant}=='lite'", false],
    ['${count} > 2 and ${count} <= 3', true],
    ['${count} < -1 or ${count} == 3.0', true],
    ['not ${burn_in}', true],
    ['${burn_in} == true', false],
    ['${settle} >= 1s', false],
    ['${settle} == 50ms', true],
    ['unit.serial_number in [\'SN-1\', "SN-2"]', true],
    ["unit.serial_number not in ['SN-1']", false],
    ["unit.metadata.colour == 'red'", true],
    ["phase.rails.outcome == 'PASS'", false],
    ["not (${burn_in} or phase.rails.outcome == 'PASS') and true", true],
    ['true or false and false', true],
    ['not true == false', true],
    ["unit.batch_number == ''", true],
    ["unit.batch_number != '' and unit.batch_number == 'B'", false],
    ["unit.batch_number in ['', 'B']", true],
    ['${count} < ${limit}', true],
  ])('%s', (text, holds) => {
    expect(ask(text)).toEqual({ holds });
  });

  test.each([
    ["unit.batch_number == 'B'", 'the unit has no batch_number'],
    ["unit.batch_number not in ['B']", 'the unit has no batch_number'],
    ["phase.constructor.outcome != 'PASS'", 'phase constructor has no outcome yet'],
    ["true and unit.batch_number != 'B'", 'the unit has no batch_number'],
  ])('what cannot be said is not taken for no: %s', (text, trouble) => {
    expect(ask(text)).toEqual({ trouble });
  });

  test('values of the wrong kind are trouble, and never an answer', () => {
    const wrong = (parameters: WhenValues['parameters'], text: string) => ask(text, { ...VALUES, parameters });
    expect(wrong({ count: 'many' }, '${count} > 2')).toEqual({ trouble: 'many and 2 cannot be compared' });
    expect(wrong({ count: NaN }, '${count} > 2')).toHaveProperty('trouble');
    expect(wrong({ burn_in: 1 }, '${burn_in}')).toHaveProperty('trouble');
    expect(wrong({}, '${burn_in}')).toHaveProperty('trouble');
    expect(wrong({ burn_in: [1, 2] }, 'not ${burn_in}')).toHaveProperty('trouble');
  });
});

describe('rule 11: what is wrong is said with its place', () => {
  test.each([
    ['', 0, 'ends too early'],
    ["${variant} = 'lite'", 11, 'write “==”'],
    ['${burn_in} && true', 11, 'write “and”'],
    ['!${burn_in}', 0, 'write “not”'],
    ["${variant} == 'lit'", 14, 'did you mean “lite”?'],
    ["${varian} == 'lite'", 0, 'did you mean “variant”?'],
    ["variant == 'lite'", 0, 'did you mean ${variant}?'],
    ['${variant} == lite', 14, "did you mean 'lite'?"],
    ["rails.outcome == 'PASS'", 0, 'did you mean phase.rails.outcome?'],
    ["serial_number == 'A'", 0, 'did you mean unit.serial_number?'],
    ["unit.serial == 'A'", 0, 'did you mean “serial_number”?'],
    ["phase.rials.outcome == 'PASS'", 0, 'did you mean “rails”?'],
    ["phase.rails.result == 'PASS'", 0, 'phase.rails.outcome'],
    ["phase.rails.outcome == 'PASSED'", 23, 'did you mean “PASS”?'],
    ["${count} > '2'", 9, 'a number cannot be compared with a text'],
    ["${variant} > 'a'", 11, 'compares numbers'],
    ['${rail} == 1', 0, 'is a range'],
    ['${count}', 0, 'compare it with something'],
    ['${burn_in} ${burn_in}', 11, 'join conditions'],
    ['(${burn_in}', 11, '“)”'],
    ['${count} in [1, ${limit}]', 16, 'only plain values'],
    ['${count} in []', 13, 'a value is missing'],
    ['${count} not 3', 13, 'must be “in”'],
    ["${variant} == 'lite", 14, 'has no end'],
    ['$count > 2', 0, 'is written ${name}'],
    ['process.exit(1)', 0, 'is nothing by itself'],
    ['${settle} > 0s', 12, 'outside 1ms to 24h'],
    ['${count} > 2; true', 12, 'is no part of a condition'],
    ['('.repeat(2000), 1000, 'longer than 1000'],
  ])('%s', (text, offset, words) => {
    const read = parseWhen(text, SCOPE);
    expect(read).toMatchObject({ offset });
    expect('message' in read && read.message).toContain(words);
  });

  test('the deepest nesting that fits is read', () => {
    expect(ask(`${'('.repeat(498)}true${')'.repeat(498)}`)).toEqual({ holds: true });
  });
});

/** Text and answer, made together: the answer is worked out beside the text, not from it. */
type Made = { text: string; holds: boolean };
const word = (value: string) => `'${value}'`;
const leaf: fc.Arbitrary<Made> = fc.oneof(
  fc.boolean().map((holds) => ({ text: String(holds), holds })),
  fc.tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom('==', '!=', '<', '<=', '>', '>=')).map(([right, sign]) => ({
    text: `\${count} ${sign} ${right}`,
    holds: { '==': 3 === right, '!=': 3 !== right, '<': 3 < right, '<=': 3 <= right, '>': 3 > right, '>=': 3 >= right }[
      sign
    ]!,
  })),
  fc.tuple(fc.uniqueArray(fc.constantFrom('SN-1', 'B', 'C'), { minLength: 1 }), fc.boolean()).map(([list, not]) => ({
    text: `unit.serial_number ${not ? 'not in' : 'in'} [${list.map(word).join(', ')}]`,
    holds: list.includes('SN-1') !== not,
  })),
  fc.constantFrom('PASS', 'FAIL', 'ERROR', 'SKIP').map((outcome) => ({
    text: `phase.rails.outcome == ${word(outcome)}`,
    holds: outcome === 'FAIL',
  })),
);
const made = fc.letrec<{ any: Made }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    leaf,
    tie('any').map(({ text, holds }) => ({ text: `not (${text})`, holds: !holds })),
    fc
      .tuple(tie('any'), tie('any'))
      .map(([a, b]) => ({ text: `(${a.text}) and (${b.text})`, holds: a.holds && b.holds })),
    fc
      .tuple(tie('any'), tie('any'))
      .map(([a, b]) => ({ text: `(${a.text}) or (${b.text})`, holds: a.holds || b.holds })),
  ),
})).any;

describe('rule 11: for every condition', () => {
  test('it holds when its parts say so', () => {
    fc.assert(
      fc.property(made, ({ text, holds }) => {
        fc.pre(text.length <= 1000);
        expect(ask(text)).toEqual({ holds });
      }),
      { numRuns: 500 },
    );
  });

  test('“and” binds closer than “or”, without parentheses', () => {
    fc.assert(
      fc.property(fc.array(fc.array(leaf, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), (rows) => {
        const text = rows.map((row) => row.map((one) => one.text).join(' and ')).join(' or ');
        expect(ask(text)).toEqual({ holds: rows.some((row) => row.every((one) => one.holds)) });
      }),
    );
  });

  test('the tree is plain data', () => {
    fc.assert(
      fc.property(leaf, ({ text }) => {
        const tree = treeOf(text);
        expect(JSON.parse(JSON.stringify(tree))).toEqual(tree);
      }),
    );
  });

  test('what is said to be constant is so, for any values', () => {
    fc.assert(
      fc.property(
        made,
        fc.record({ count: fc.integer({ min: -1, max: 7 }) }),
        fc.constantFrom('SN-1', 'B', 'X'),
        fc.constantFrom('PASS', 'FAIL', 'ERROR', 'SKIP'),
        ({ text }, parameters, serial, rails) => {
          fc.pre(text.length <= 1000);
          const tree = treeOf(text);
          const constant = constantWhen(tree, SCOPE);
          const found = evaluateWhen(tree, { parameters, unit: { serial_number: serial }, outcomes: { rails } });
          if (constant !== undefined) expect(found).toEqual({ holds: constant });
        },
      ),
      { numRuns: 500 },
    );
  });

  test('any text is read or refused with a place inside it', () => {
    const pieces = fc.constantFrom(
      '${count}',
      '==',
      '3',
      'and',
      'or',
      'not',
      '(',
      ')',
      "'a'",
      'unit.serial_number',
      '[',
      ',',
      '$',
      'in',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 })), { maxLength: 12 }), (parts) => {
        const text = parts.join(' ');
        const read = parseWhen(text, SCOPE);
        if ('message' in read) expect(read.offset).toBeLessThanOrEqual(text.length);
        else expect(evaluateWhen(read.tree, VALUES)).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });
});

describe('rule 15: conditions that are always or never true', () => {
  test.each([
    ['true', true],
    ['${burn_in} or not ${burn_in}', true],
    ["${variant} == 'lite' and ${variant} == 'full'", false],
    ['${count} > 3 and ${count} < 3', false],
    ['${count} > 3 and ${count} < 5', undefined],
    ["unit.serial_number == 'A' and unit.serial_number == 'B'", false],
    ["phase.rails.outcome in ['PASS', 'FAIL', 'ERROR', 'SKIP']", true],
    ["unit.batch_number == 'B'", undefined],
    ['${count} < ${limit}', undefined],
    ['${count} == ${limit}', undefined],
  ])('%s', (text, constant) => {
    expect(constantWhen(treeOf(text), SCOPE)).toBe(constant);
  });
});
