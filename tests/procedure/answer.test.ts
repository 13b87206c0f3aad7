/** RULES.md 18: what an operator may enter into each kind of component. */
import { describe, expect, test } from 'vitest';
import { initialAnswer, LONGEST_PICTURE_BYTES, scalarOf, takeAnswer, takeAnswers } from '#procedure/answer.ts';
import { COMPONENT_KINDS, asks, type Component } from '#procedure/screen.ts';

const of = (kind: Component['kind'], more: Partial<Component> = {}): Component => ({
  kind,
  key: 'k',
  required: false,
  trim: true,
  ...more,
});
const options = ['a', 'b', 'c'].map((value) => ({ value, label: value.toUpperCase() }));
const picture = (length: number, contentType = 'image/png') => ({ contentType, bytes: new Uint8Array(length) });

describe('rule 18: an entry keeps the rules of its component', () => {
  test.each<[string, Component, unknown, unknown]>([
    ['text is trimmed', of('text_input'), '  x ', 'x'],
    ['unless it says otherwise', of('text_input', { trim: false }), ' x', ' x'],
    ['an empty text may be short', of('text_input', { minLength: 3, pattern: '^x' }), '', ''],
    ['and nothing at all is empty', of('textarea'), undefined, ''],
    ['lengths are characters', of('text_input', { maxLength: 2 }), '😀é', '😀é'],
    ['patterns are not anchored', of('text_input', { pattern: '[0-9]' }), 'a1b', 'a1b'],
    ['a number', of('number_input', { min: -1, max: 1, step: 0.1 }), 0.3, 0.3],
    ['steps begin at the smallest', of('slider', { min: 0.5, step: 1 }), 3.5, 3.5],
    ['no number', of('number_input'), null, null],
    ['a switch', of('switch'), false, false],
    ['one of the options', of('radio', { options }), 'b', 'b'],
    ['none of them', of('select', { options }), '', null],
    ['several, in their order, each once', of('multiselect', { options }), ['c', 'a', 'c'], ['a', 'c']],
    ['a whole checklist', of('checklist', { options, required: true }), ['c', 'b', 'a'], ['a', 'b', 'c']],
    ['a decision', of('verdict'), false, false],
    ['no picture', of('camera'), null, null],
    ['a signature', of('signature', { required: true }), picture(9), picture(9)],
  ])('%s', (_, component, given, answer) => {
    expect(takeAnswer(component, given)).toEqual({ answer });
  });

  test.each<[string, Component, unknown, string]>([
    ['blanks', of('text_input', { required: true, trim: false }), '  ', 'needs an answer'],
    ['a short text', of('text_input', { minLength: 3 }), 'ab', 'at least 3 characters, and has 2'],
    ['a long text', of('textarea', { maxLength: 2 }), 'abc', 'at most 2 characters'],
    ['a very long text', of('textarea'), 'x'.repeat(10_001), 'at most 10000'],
    ['another form', of('text_input', { pattern: '^SN-' }), 'X', '^SN-'],
    ['a number as a text', of('text_input'), 5, 'a text'],
    ['no number where one is needed', of('number_input', { required: true }), null, 'needs an answer'],
    ['NaN', of('number_input'), NaN, 'a number'],
    ['a text as a number', of('slider'), '5', 'a number'],
    ['too small', of('number_input', { min: 1, suffix: ' V' }), 0, '1 V or more'],
    ['too large', of('number_input', { max: 1 }), 2, '1 or less'],
    ['between two steps', of('number_input', { step: 0.5, min: 1 }), 1.2, 'in steps of 0.5 from 1'],
    ['no truth value', of('switch'), 'true', 'on or off'],
    ['none of the options', of('radio', { options }), 'd', 'one of the options'],
    ['no choice', of('radio', { options, required: true }), null, 'needs an answer'],
    ['a choice that is none', of('multiselect', { options }), ['a', 'd'], 'among the options'],
    ['no list', of('checklist', { options }), 'a', 'among the options'],
    ['half a checklist', of('checklist', { options, required: true }), ['a'], '2 to go'],
    ['nothing chosen', of('multiselect', { options, required: true }), [], 'at least one'],
    ['no decision', of('verdict'), null, 'pass or fail'],
    ['no photograph', of('camera', { required: true }), undefined, 'needs an answer'],
    ['an empty picture', of('camera'), picture(0), 'a picture'],
    ['a page', of('camera'), picture(5, 'text/html'), 'a picture'],
    ['a huge picture', of('camera'), picture(LONGEST_PICTURE_BYTES + 1), '10 MiB'],
    ['a text as a picture', of('signature'), 'x', 'a picture'],
    ['what only is shown', of('image'), 'x', 'takes no answer'],
  ])('%s is refused', (_, component, given, words) => {
    expect(takeAnswer(component, given)).toEqual({ trouble: expect.stringContaining(words) });
  });

  test('a screen is taken as a whole, and what nobody asked for is refused', () => {
    const components = [of('text'), of('switch', { key: 's' }), of('verdict', { key: 'v' })];
    expect(takeAnswers(components, { s: true, v: true })).toEqual({
      answers: [
        [components[1], true],
        [components[2], true],
      ],
      complaints: [],
    });
    const { complaints } = takeAnswers(components, { s: 1, k: 'x' });
    expect(complaints.map(({ key }) => key)).toEqual(['s', 'v', null]);
    for (const given of [null, undefined, 'x', 5]) expect(takeAnswers(components, given).complaints).toHaveLength(2);
  });

  test('what stands in a component before anybody touches it', () => {
    const initial = (kind: Component['kind'], defaultValue?: Component['defaultValue']) =>
      initialAnswer(of(kind, { options, min: 2, ...(defaultValue === undefined ? {} : { defaultValue }) }));
    expect(initial('text_input', 5)).toBe('5');
    expect([initial('number_input'), initial('number_input', 7), initial('slider'), initial('slider', 9)]).toEqual([
      null,
      7,
      2,
      9,
    ]);
    expect([initial('switch'), initial('switch', true), initial('radio'), initial('select', 'b')]).toEqual([
      false,
      true,
      null,
      'b',
    ]);
    expect([initial('multiselect', 'a, c'), initial('checklist', ['b']), initial('checklist')]).toEqual([
      ['a', 'c'],
      ['b'],
      [],
    ]);
    // Nobody decides, photographs or signs beforehand.
    expect(['verdict', 'camera', 'signature'].map((kind) => initial(kind as 'verdict', true))).toEqual([
      null,
      null,
      null,
    ]);
  });

  test('every kind that asks can be answered, and no other', () => {
    for (const kind of COMPONENT_KINDS) {
      const taken = takeAnswer(of(kind, { options }), kind === 'switch' || kind === 'verdict' ? true : null);
      expect('answer' in taken, kind).toBe(asks(kind));
    }
  });

  test('several choices are one text, as TofuPilot has them', () => {
    expect([scalarOf(['a', 'b']), scalarOf([]), scalarOf(5), scalarOf(false)]).toEqual(['a,b', '', 5, false]);
  });
});
