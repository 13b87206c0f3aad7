import { describe, expect, test } from 'vitest';
import { PROBLEM_CODES } from '#procedure/problem.ts';
import { GOOD_MAIN, HEAD, ID, load, message, problems, read, withPhase } from './read-text.ts';

const PHASE = (name: string) => `  - { name: ${name}, steps: [{ wait: 1ms }] }\n`;

describe('rules 1, 3, 4, 5 and 7: what is wrong is said with line and column', () => {
  test.each([
    ['', ['yaml 1:1']],
    ['# nothing\n', ['yaml 1:1']],
    ['name: [a\nmain: b', ['yaml 2:1']],
    ['name: "a\n', ['yaml 2:1']],
    ['a: 1\na: 2\n', ['yaml 2:1']],
    ['- a\n- b\n', ['type 1:1', 'missing-key 1:1', 'missing-key 1:1', 'no-id 1:1']],
    [`${HEAD}main: &x [*x]\n`, ['yaml 3:11']],
    [`${HEAD}mian: []\n`, ['missing-key 1:1', 'unknown-key 3:1']],
    [`${HEAD}main:\n`, ['missing-key 3:1']],
    [`${HEAD}main: []\n`, ['length 3:7']],
    [`${HEAD}main: { a: 1 }\n`, ['missing-key 3:7', 'unknown-key 3:9']],
    [`${HEAD}main: { parallel: yes, phases: [] }\n`, ['type 3:19', 'length 3:32']],
    [`name: 5\nid: ${ID}\n${GOOD_MAIN}`, ['type 1:7']],
    [`name: ''\nid: ${ID}\n${GOOD_MAIN}`, ['length 1:7']],
    [`name: ${'n'.repeat(101)}\nid: ${ID}\n${GOOD_MAIN}`, ['length 1:7']],
    [`name: P\nid: power-board\n${GOOD_MAIN}`, ['identifier 2:5']],
    [`${HEAD}version: 1.2\n${GOOD_MAIN}`, ['type 3:10']],
    [`${HEAD}version: '1 2'\n${GOOD_MAIN}`, ['pattern 3:10']],
    [`${HEAD}execution: { on_first_failure: stopp, workers: 300 }\n${GOOD_MAIN}`, ['choice 3:32', 'range 3:48']],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test.each([
    [
      'timout: 10s\nsteps: [{ wait: 1ms }]',
      ['unknown-key 8:5'],
      'phase “Rails” has no key “timout”; did you mean “timeout”?',
    ],
    ['timeout: 10\nsteps: [{ wait: 1.5s }]', ['duration 9:21'], '“wait” is no duration (1.5s): write whole numbers'],
    ['timeout: 0s\nsteps: [{ wait: 1ms }]', ['duration 8:14'], 'at least 1ms'],
    ['timeout: 25h\nsteps: [{ wait: 1ms }]', ['duration 8:14'], 'at most 24h'],
    ["timeout: '500'\nsteps: [{ wait: 1ms }]", ['duration 8:14'], '(500)'],
    ['retry: { limit: 11 }\nsteps: [{ wait: 1ms }]', ['range 8:21'], 'between 1 and 10'],
    ['retry: { delay: 1s }\nsteps: [{ wait: 1ms }]', ['missing-key 8:12'], 'needs “limit”'],
    ['then: { fail: retri }\nsteps: [{ wait: 1ms }]', ['choice 8:19'], 'did you mean “retry”?'],
    ['enabled: yes\nsteps: [{ wait: 1ms }]', ['type 8:14'], 'must be true or false, not the text "yes"'],
    ['steps: [{ writ: { plug: fixture, command: A } }]', ['unknown-key 8:15'], 'did you mean “write”?'],
    ['steps: [{ wait: 1ms, set: { name: a, value: 1 } }]', ['step 8:13'], 'exactly one thing, not 2'],
    ['steps: [wait]', ['type 8:13'], 'must be a map'],
    ['steps: [{ wait: }]', ['missing-key 8:15'], 'needs “wait”'],
    ['steps: [{ write: { plug: fixtur, command: A } }]', ['unknown-plug 8:30'], 'did you mean “fixture”?'],
    ['steps: [{ write: { plug: fixture } }]', ['missing-key 8:22'], 'needs “command”'],
    ['steps: [{ write: { plug: fixture, command: "A\\nB" } }]', ['step 8:48'], 'control character'],
    ['steps: [{ query: { plug: fixture, command: A, query: B } }]', ['conflict 8:22'], 'not both'],
    ['steps: [{ attach: { name: a/b.csv, plug: fixture, query: A } }]', ['identifier 8:31'], 'has "/" in it'],
    ['steps: [{ attach: { name: trace, plug: fixture, query: A } }]', ['identifier 8:31'], 'needs an ending'],
    ['steps: [{ attach: { name: NUL.txt, text: A } }]', ['identifier 8:31'], 'keep for themselves'],
    ['steps: [{ attach: { name: .csv, text: A } }]', ['identifier 8:31'], 'keep for themselves'],
    [`steps: [{ attach: { name: ${'µ'.repeat(100)}.csv, text: A } }]`, ['identifier 8:31'], 'longer than 200 bytes'],
    ['steps: [{ attach: { name: a.csv, plug: fixture } }]', ['missing-key 8:23'], 'either “query” or “text”'],
    ['steps: [{ attach: { name: a.csv, plug: dmm, text: A } }]', ['conflict 8:44'], 'belongs to “query”'],
    [
      'steps: [{ measure: { name: a, plug: fixture, query: A } }]',
      ['unknown-measurement 8:32'],
      'add it under “measurements”',
    ],
    [
      'steps: [{ measure: { name: a, plug: dmm, read: voltage_cd } }]\nmeasurements: [{ name: a }]',
      ['unknown-reading 8:52'],
      'did you mean “voltage_dc”?',
    ],
    [
      'steps: [{ measure: { name: a, plug: fixture, read: x } }]\nmeasurements: [{ name: a }]',
      ['unknown-reading 8:56'],
      'use “query”',
    ],
    [
      'steps: [{ set: { name: rail_33, value: 1 } }]\nmeasurements: [{ name: rail_3v3 }]',
      ['unknown-measurement 8:28'],
      'did you mean “rail_3v3”?',
    ],
    ['steps: [{ set: { name: a, value: .nan } }]\nmeasurements: [{ name: a }]', ['type 8:38'], 'finite'],
    [
      'steps: [{ set: { name: a, value: 1 } }]\nmeasurements: [{ name: a }, { name: A }]',
      ['duplicate 9:33'],
      'the first is in line 9',
    ],
    ['steps: [{ wait: 1ms }]\nscript: a.ts', ['conflict 9:13'], '“script” and “steps” exclude each other'],
    ['python: a:b\nexecutable: { command: x }', ['conflict 9:17'], 'exclude each other'],
    ['scope: station\nsteps: [{ wait: 1ms }]', ['choice 8:12'], 'not the text "station"'],
    ['depends_on: [rail]\nsteps: [{ wait: 1ms }]', ['unknown-phase 8:18'], 'did you mean “rails”?'],
    ['depends_on: [rails]\nsteps: [{ wait: 1ms }]', ['cycle 8:18'], 'depends on itself'],
    ['ui: { components: [{ type: text_imput }] }', ['choice 8:32'], 'did you mean “text_input”?'],
    ['ui: { components: [{ label: x }] }', ['missing-key 8:24'], 'needs “type”'],
    ['name2: x\nsteps: []', ['unknown-key 8:5'], 'did you mean “name”?'],
  ])('in a phase: %s', (body, expected, words) => {
    expect(
      problems(withPhase(body)).filter(
        (one) => PROBLEM_CODES.indexOf(one.split(' ')[0] as never) < PROBLEM_CODES.indexOf('python-phase'),
      ),
    ).toEqual(expected);
    expect(message(withPhase(body))).toContain(words);
  });

  test.each([
    ['{ operator: between, expected_value: 1 }', 'choice', 'must be one of =='],
    ["{ operator: '<', expected_value: '5' }", 'validator', 'must be a number for “<”'],
    ["{ operator: '<', expected_value: [1, 2] }", 'validator', 'must be a number for “<”'],
    ['{ operator: range, expected_value: 5 }', 'validator', 'must be [low, high]'],
    ['{ operator: range, expected_value: [5, 4] }', 'validator', 'wrong way round'],
    ['{ operator: range, expected_value: [1, .inf] }', 'validator', 'must be finite'],
    ['{ operator: in, expected_value: [] }', 'validator', 'at least one value'],
    ['{ operator: in, expected_value: 5 }', 'validator', 'must be a list'],
    ["{ operator: matches, expected_value: '(' }", 'validator', 'is not a pattern'],
    ["{ operator: matches, expected_value: '(?=a)' }", 'validator', 'look-around'],
    ['{ operator: within, expected_value: 5 }', 'missing-key', 'is needed by “within”'],
    ['{ operator: within, expected_value: 5, tolerance: -1 }', 'range', 'between 0 and'],
    ["{ operator: '<', expected_value: 5, tolerance: 1 }", 'conflict', 'belongs to “within” only'],
    ["{ operator: '<', expected: 5 }", 'unknown-key', 'did you mean “expected_value”?'],
    ["{ operator: '<', expected_value: 5, is_decisive: no }", 'type', 'true or false'],
  ])('a limit that could never be evaluated does not load: %s', (validator, code, words) => {
    const text = withPhase(
      `steps: [{ set: { name: a, value: 1 } }]\nmeasurements: [{ name: a, validators: [${validator}] }]`,
    );
    expect(read(text).procedure).toBeNull();
    expect(problems(text)[0]).toMatch(new RegExp(`^${code} 9:`));
    expect(message(text)).toContain(words);
  });

  test('everything at once, in the file’s order', () => {
    const text = `name: P\nid: x\nmain:\n  - name: A\n    timout: 1s\n    steps:\n      - write: { plug: nope, command: A }\n      - wait: soon\n`;
    expect(problems(text)).toEqual(['identifier 2:5', 'unknown-key 5:5', 'unknown-plug 7:24', 'duration 8:15']);
  });

  test('a key that main has twice is refused, and the first is named', () => {
    const text = `${HEAD}main:\n${PHASE('A b')}${PHASE('A-B')}`;
    expect(problems(text)).toEqual(['duplicate 5:5']);
    expect(message(text)).toContain('the first is “A b” in line 4');
  });

  test('a key that returns in setup or teardown is numbered on, as TofuPilot has it; main keeps its own', () => {
    const text = `${HEAD}setup:\n${PHASE('C')}main:\n${PHASE('C')}teardown:\n${PHASE('A')}${PHASE('A')}${PHASE('A 2')}`;
    expect(problems(text)).toEqual(['renumbered 4:5', 'renumbered 9:5', 'renumbered 10:5']);
    expect(load(text).phases.map(({ key }) => key)).toEqual(['c_2', 'c', 'a', 'a_2', 'a_2_2']);
  });

  test('a circle of dependencies is printed', () => {
    const phase = (name: string, on: string) => `  - { name: ${name}, depends_on: [${on}], steps: [{ wait: 1ms }] }\n`;
    expect(message(`${HEAD}main:\n${phase('a', 'b')}${phase('b', 'a')}`)).toContain('a -> b -> a');
  });

  test('a name without Latin letters needs a key', () => {
    const text = `${HEAD}main:\n  - { name: 電源, steps: [{ wait: 1ms }] }\n`;
    expect(problems(text)).toEqual(['identifier 4:13']);
    expect(load(text.replace('name: 電源', 'name: 電源, key: power')).phases[0]!.key).toBe('power');
  });
});
