import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeAtml } from '#exchange/atml/write-atml.ts';
import type { RunRecord } from '#record/run-record.ts';
import { structureProblems } from './atml-structure.ts';
import { anyRun, measured, phase, run } from './a-run.ts';
import { all, child, local, type Node, xmlTree } from './xml-tree.ts';

const written = (...records: RunRecord[]) => xmlTree(writeAtml(records));
const outcomeOf = (node: Node) => {
  const { value, qualifier } = child(node, 'Outcome')!.attributes;
  return qualifier === undefined ? value : `${value} ${qualifier}`;
};

describe('ATML out', () => {
  test('8: well-formed, in the name spaces, order and words of the standard', () => {
    const tree = written(run, { ...run, id: '0191e4a2-6d1c-7c3e-9f41-2a6c1b7d5e91' });
    expect(structureProblems(tree)).toEqual([]);
    expect(tree.name).toBe('urn:IEEE-1636.1:2013:TestResultsCollection TestResultsCollection');
    expect(tree.children).toHaveLength(2);
  });

  test('2: the identity is that of the network', () => {
    const [results] = all(written(run), 'TestResults');
    expect(results!.attributes['uuid']).toBe(run.id);
    const data = child(child(results!, 'ResultSet')!, 'Data')!;
    const values = all(data, 'Item').map(({ attributes, children }) => {
      const [datum] = children;
      return [attributes['name'], datum!.attributes['value'] ?? datum!.children[0]!.text];
    });
    expect(Object.fromEntries(values)).toMatchObject({
      client_run_id: run.id,
      station_id: 'taipei-line1-042',
      station_seq: '7',
      simulated: 'false',
      release: 'sha256:ab',
      batch_number: '2026-W47',
    });
    expect(child(child(results!, 'UUT')!, 'SerialNumber')!.text).toBe('SN-000123');
    expect(child(child(results!, 'TestStation')!, 'SerialNumber')!.text).toBe('taipei-line1-042');
  });

  test.each([
    ['PASS', 'Passed'],
    ['FAIL', 'Failed'],
    ['ERROR', 'Aborted Error'],
    ['TIMEOUT', 'Aborted Timeout'],
    ['ABORTED', 'Aborted Terminated'],
    [null, 'Aborted Error'],
  ] as const)('3: the run %s is %s', (outcome, told) => {
    const [set] = all(written({ ...run, outcome }), 'ResultSet');
    expect(outcomeOf(set!)).toBe(told);
  });

  test('3: phases, attempts and measurements', () => {
    const groups = all(written(run), 'TestGroup');
    expect(groups.map((group) => [group.attributes['name'], outcomeOf(group)])).toEqual([
      ['Rails', 'Failed'],
      ['Rails', 'Passed'],
      ['Identity', 'Failed'],
      ['Later', 'NotStarted'],
      ['Off', 'Aborted Timeout'],
    ]);
    expect(groups.map((group) => all(group, 'Phase')[0]!.attributes['attempt'])).toEqual(['0', '1', '0', '0', '0']);
    const tests = all(groups[2]!, 'Test').map((one) => [one.attributes['name'], outcomeOf(one)]);
    expect(tests).toEqual([
      ['firmware', 'Passed'],
      ['variant', 'Passed'],
      ['led', 'Passed'],
      ['idle', 'Passed'],
      ['silent', 'Failed'],
      ['noted', 'UserDefined Unset'],
    ]);
  });

  test('1: values and decisive limits by kind; the rest stands beside them', () => {
    const of = (name: string) => all(written(run), 'Test').find((one) => one.attributes['name'] === name)!;
    const comparators = (node: Node) =>
      all(node, 'TestLimits').flatMap((limits) =>
        ['Limit', 'SingleLimit', 'Expected'].flatMap((kind) =>
          all(limits, kind).map((one) => {
            const [datum] = one.children;
            return `${one.attributes['comparator']} ${datum!.attributes['value'] ?? datum!.children[0]!.text}`;
          }),
        ),
      );
    expect(comparators(of('rail_3v3'))).toEqual(['GE 3.2', 'LE 3.4']);
    expect(comparators(of('variant'))).toEqual(['NE UK']);
    expect(comparators(of('led'))).toEqual(['EQ true']);
    expect(comparators(of('idle'))).toEqual(['GT 30']);
    expect(comparators(of('firmware'))).toEqual([]);
    expect(all(of('variant'), 'Limit').filter(({ name }) => name.startsWith('urn:fieldbench'))).toMatchObject([
      { attributes: { operator: 'in', text: 'x in ["EU","US"]', outcome: 'PASS', decisive: 'true' } },
      { attributes: { operator: '!=', outcome: 'PASS' } },
    ]);
    const [value] = all(of('rail_3v3'), 'TestData');
    expect(value!.children[0]!.attributes).toEqual({ 'xsi:type': 'c:double', value: '3.05', nonStandardUnit: 'V' });
    expect(all(of('silent'), 'TestData')).toEqual([]);
  });

  test('8: what an instrument answers cannot break the document', () => {
    const nasty = '<a href="x">&amp;]]>\u0000\u001b\ud800\uffff\r\n\t Ω 😀';
    const tree = written({ ...run, reason: nasty, phases: [phase(nasty, [measured(nasty, nasty)])] });
    const told = nasty
      .replace('\u0000', '\u2400')
      .replace('\u001b', '\u241b')
      .replace(/[\ud800\uffff](?!\udc00)/g, '\ufffd');
    expect(all(tree, 'Value').at(-1)!.text).toBe(told.replaceAll('\ufffd\ufffd', '\ufffd\ufffd'));
    expect(all(tree, 'TestGroup')[0]!.attributes['name']).toBe(told);
    expect(structureProblems(tree)).toEqual([]);
  });

  test('3, 8: any run, outcomes one to one', () => {
    const told = { PASS: 'Passed', FAIL: 'Failed', UNSET: 'UserDefined Unset' } as const;
    fc.assert(
      fc.property(anyRun, (record) => {
        const tree = written(record);
        expect(structureProblems(tree)).toEqual([]);
        const measurements = record.phases.flatMap((one) => one.measurements);
        expect(all(tree, 'Test').map(outcomeOf)).toEqual(measurements.map(({ outcome }) => told[outcome]));
        expect(all(tree, 'TestGroup').map((one) => local(one))).toHaveLength(record.phases.length);
      }),
      { numRuns: 150 },
    );
  });
});
