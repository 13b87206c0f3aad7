/** What questions on the screen are made of, without a browser: Markdown, rows, entries, drafts, live values. */
import { describe, expect, test, vi } from 'vitest';
import type { Component } from '#procedure/screen.ts';
import type { MeasurementRecord, PhaseRecord } from '#record/run-record.ts';
import { Drafts } from '#ui/operator/prompt/drafts.ts';
import { answerOf, initialEntry } from '#ui/operator/prompt/entry.ts';
import { lastValue, seriesOf } from '#ui/operator/prompt/live-series.ts';
import { LoneKeys } from '#ui/operator/prompt/lone-keys.ts';
import { markdownBlocks } from '#ui/operator/prompt/markdown.ts';
import { say } from '#ui/operator/prompt/say.ts';
import { rowsOf } from '#ui/operator/prompt/screen-rows.ts';

const part = (kind: Component['kind'], more: Partial<Component> = {}): Component => ({
  kind,
  key: kind,
  required: false,
  trim: true,
  ...more,
});

describe('Markdown', () => {
  const shape = (text: string) =>
    markdownBlocks(text).map((block) => {
      if (block.kind === 'code') return ['code', block.text];
      if (block.kind === 'rule') return ['rule'];
      const words = (inlines: readonly { kind: string; text: string }[]) =>
        inlines.map(({ kind, text: said }) => (kind === 'text' ? said : `<${kind}>${said}`)).join('');
      if (block.kind === 'list') return [block.isOrdered ? 'ol' : 'ul', ...block.items.map(words)];
      return [block.kind === 'heading' ? `h${block.level}` : 'p', words(block.inlines)];
    });

  test('headings, paragraphs, lists, code and rules', () => {
    const text = '# Title #\n\nOne\nline\n- a\n- b\n1. c\n2) d\n\n```\n# no heading\n```\n***\nend';
    expect(shape(text)).toEqual([
      ['h1', 'Title'],
      ['p', 'One line'],
      ['ul', 'a', 'b'],
      ['ol', 'c', 'd'],
      ['code', '# no heading'],
      ['rule'],
      ['p', 'end'],
    ]);
  });

  test('bold, italic and code; names with lines in them stay whole', () => {
    expect(shape('**a** __b__ *c* _d_ `e*f*` snake_case_name 2*3*4')).toEqual([
      ['p', '<strong>a <strong>b <em>c <em>d <code>e*f* snake_case_name 2<em>34'],
    ]);
    expect(shape('a ** b')).toEqual([['p', 'a ** b']]);
  });

  test('everything else stays the text that it is', () => {
    expect(shape('<img src=x onerror=alert(1)> [a](javascript:b)')).toEqual([
      ['p', '<img src=x onerror=alert(1)> [a](javascript:b)'],
    ]);
    expect(shape('```\nnever closed')).toEqual([['code', 'never closed']]);
    expect(shape('')).toEqual([]);
  });

  test('takes its time in proportion, whatever it is given', () => {
    for (const text of [
      '*'.repeat(50_000),
      '_a'.repeat(25_000),
      '`'.repeat(50_000),
      '#'.repeat(50_000),
      '- '.repeat(25_000),
    ])
      expect(markdownBlocks(text).length).toBeLessThan(10);
  });
});

test('components stand side by side as far as their widths allow', () => {
  const widths = ['50%', '50%', undefined, '30%', '30%', '60%'];
  const components = widths.map((width) => part('text', width === undefined ? {} : { width }));
  expect(rowsOf(components).map((row) => row.length)).toEqual([2, 1, 2, 1]);
});

test('a number is what was typed until it is an answer, with either decimal sign', () => {
  const number = part('number_input', { defaultValue: 12 });
  expect([initialEntry(number), initialEntry(part('number_input')), initialEntry(part('switch'))]).toEqual([
    '12',
    '',
    false,
  ]);
  expect(['3.3', '3,3', ' -1e3 ', '', 'x', '1,000.5'].map((text) => answerOf(number, text))).toEqual([
    3.3,
    3.3,
    -1000,
    null,
    NaN,
    NaN,
  ]);
  expect(answerOf(part('text_input'), '3,3')).toBe('3,3');
});

test('texts are in the first of the reader’s languages that there is', () => {
  const text = { en: 'a', de: 'b', 'zh-TW': 'c' };
  expect([['fr', 'de-AT'], ['zh-CN'], ['it'], []].map((languages) => say(text, languages))).toEqual([
    'b',
    'c',
    'a',
    'a',
  ]);
  expect([say('x', ['de']), say(undefined, []), say({ fr: 'y' }, ['de'])]).toEqual(['x', '', 'y']);
});

describe('drafts', () => {
  const storage = (broken = false) => {
    const kept = new Map<string, string>();
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => {
        if (broken) throw new DOMException('full', 'QuotaExceededError');
        kept.set(key, value);
      },
    };
  };

  test('are kept by their question, until they are empty', () => {
    const one = storage();
    new Drafts(one).set('a', 'typed');
    new Drafts(one).set('b', 'more');
    expect([new Drafts(one).get('a'), new Drafts(one).get('c')]).toEqual(['typed', undefined]);
    new Drafts(one).set('a', '');
    expect(new Drafts(one).get('a')).toBeUndefined();
  });

  test('the oldest go; a storage that is full, broken or not there stops nobody', () => {
    const drafts = new Drafts(storage());
    for (let n = 0; n < 60; n += 1) drafts.set(`k${n}`, 'x');
    expect([drafts.get('k0'), drafts.get('k59')]).toEqual([undefined, 'x']);
    new Drafts(storage(true)).set('a', 'x');
    new Drafts(null).set('a', 'x');
    expect(new Drafts(null).get('a')).toBeUndefined();
    expect(new Drafts({ getItem: () => '{"a":1}', setItem: () => {} }).get('a')).toBeUndefined();
    expect(new Drafts({ getItem: () => 'no JSON', setItem: () => {} }).get('a')).toBeUndefined();
  });
});

describe('a key that is pressed by itself', () => {
  test('counts after a moment of quiet; what a scanner types does not', () => {
    vi.useFakeTimers();
    const said: string[] = [];
    const keys = new LoneKeys({
      onKey: (key) => said.push(`key ${key}`),
      onBurst: (text) => said.push(`burst ${text}`),
    });
    keys.take('p');
    expect(said).toEqual([]);
    vi.advanceTimersByTime(150);
    expect(said).toEqual(['key p']);
    keys.take('P');
    vi.advanceTimersByTime(20);
    keys.take('W');
    vi.advanceTimersByTime(1000);
    expect(said).toEqual(['key p', 'burst PW']);
    keys.take('f');
    keys.stop();
    vi.advanceTimersByTime(1000);
    expect(said).toHaveLength(2);
    vi.useRealTimers();
  });
});

describe('what is shown as it is measured', () => {
  const value = (measured_value: MeasurementRecord['measured_value'], more: Partial<MeasurementRecord> = {}) =>
    ({ key: 'v', name: 'V', outcome: 'UNSET', measured_value, validators: [], ...more }) as MeasurementRecord;
  const phase = (...measurements: MeasurementRecord[]) => ({ measurements }) as unknown as PhaseRecord;

  test('single values are a curve, with their limits at each point', () => {
    const limit = { operator: '<', expected_value: 4, outcome: 'PASS', is_decisive: true } as const;
    const series = seriesOf(
      phase(value(1), value(null), value('x'), value(3, { validators: [limit], units: 'V' })),
      'v',
    )!;
    expect([...series.y.data]).toEqual([1, 3]);
    expect(series.y).toMatchObject({ units: 'V', validators: [{ ...limit, every: 'point' }] });
    expect(lastValue(phase(value(1), value(2)), 'v')?.measured_value).toBe(2);
  });

  test('of a measurement with axes the last curve is shown', () => {
    const y = { key: 'y', name: 'Y', data: Float64Array.of(1, 2), validators: [], aggregations: [] };
    expect(seriesOf(phase(value(null, { y_axis: [y] })), 'v')?.y).toBe(y);
  });

  test('nothing yet is nothing', () => {
    expect([seriesOf(null, 'v'), seriesOf(phase(), 'v'), seriesOf(phase(value(null)), 'v')]).toEqual([
      null,
      null,
      null,
    ]);
    expect(lastValue(null, 'v')).toBeUndefined();
  });
});
