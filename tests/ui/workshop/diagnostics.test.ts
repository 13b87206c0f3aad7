/** Problems of our parser at their place in the editor's text. */
import { Text } from '@codemirror/state';
import { expect, test } from 'vitest';
import { parse } from '#procedure/parse.ts';
import { diagnosticOf } from '#ui/workshop/code-editor.ts';

const LINES = ['name: A', 'main:', '  - name: B', '    steps:', '      - wriet: { plug: fixture }'];
const doc = Text.of(LINES);
const at = (line: number, column: number) => ({
  ...diagnosticOf({ severity: 'error', code: 'type', message: 'no', file: 'procedure.yaml', line, column }, doc),
});

test('from the place to the end of its word', () => {
  const { from, to } = at(5, 9);
  expect(doc.sliceString(from, to)).toBe('wriet:');
});

test('a place behind the text, or a line that is gone meanwhile, is none that breaks the editor', () => {
  for (const [line, column] of [
    [1, 500],
    [99, 1],
    [0, 0],
  ] as const) {
    const { from, to } = at(line, column);
    expect(from).toBeGreaterThanOrEqual(0);
    expect(to).toBeLessThanOrEqual(doc.length);
    expect(from).toBeLessThanOrEqual(to);
  }
});

test('what the parser finds stands under the word that is wrong', () => {
  const options = { drivers: ['scpi'], readings: () => [] };
  const [problem] = parse(LINES.join('\n'), 'procedure.yaml', options).problems.filter(({ line }) => line === 5);
  const { from, to, message } = diagnosticOf(problem!, doc);
  expect(doc.sliceString(from, to)).toContain('wriet');
  expect(message).toContain('wriet');
});
