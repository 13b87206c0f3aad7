import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canPreview, imageType, previewOf, readTable } from '#ui/history/file-preview.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a file that is looked into', () => {
  test.each([
    ['a.png', 'image/png', 'image'],
    ['a.png', 'application/octet-stream', 'image'],
    ['trace.csv', 'text/csv', 'table'],
    ['trace.csv', '', 'table'],
    ['a.json', 'application/json', 'text'],
    ['notes', 'text/plain', 'text'],
    ['fixture.wire.json', 'application/json', 'wire'],
    ['fixture.wire-2.json', 'application/json', 'wire'],
    ['a.bin', 'application/octet-stream', 'none'],
    ['a.png', 'application/pdf', 'none'],
    ['page.html', 'text/html', 'text'],
  ])('%s as %s is %s', (name, type, kind) => {
    expect(previewOf(name, type, bytes('a,b\n1,2')).kind).toBe(kind);
    expect(canPreview(name, type)).toBe(kind !== 'none');
  });

  test('JSON is laid out, and what is none is shown as it is', () => {
    expect(previewOf('a.json', 'application/json', bytes('{"a":1}'))).toMatchObject({ text: '{\n  "a": 1\n}' });
    expect(previewOf('a.json', 'application/json', bytes('{"a":'))).toMatchObject({ text: '{"a":', isCut: false });
  });

  test('what is long is cut, and that is said', () => {
    expect(previewOf('a.txt', 'text/plain', bytes('x'.repeat(100_001)))).toMatchObject({ isCut: true });
    const table = previewOf('a.csv', 'text/csv', bytes('a,b\n'.repeat(500)));
    expect(table).toMatchObject({ kind: 'table', isCut: true });
    expect(table.kind === 'table' && table.rows.length).toBe(200);
  });

  test('a table as RFC 4180 writes it, with any separator', () => {
    expect(readTable('a,"b, ""c""\nd"\r\n1,2\r\n', ',', 10)).toEqual([
      ['a', 'b, "c"\nd'],
      ['1', '2'],
    ]);
    expect(previewOf('a.csv', 'text/csv', bytes('a;b\n1,5;2'))).toMatchObject({
      rows: [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    });
    expect(readTable('"open', ',', 10)).toEqual([['open']]);
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(',', ';', '\t'), (text, separator) => {
        expect(readTable(text, separator, 50).length).toBeLessThanOrEqual(50);
      }),
    );
  });

  test('the type of a picture that says none comes from its name', () => {
    expect(imageType('a.JPG', 'application/octet-stream')).toBe('image/jpeg');
    expect(imageType('a.svg', '')).toBe('image/svg+xml');
    expect(imageType('a.png', 'image/webp')).toBe('image/webp');
  });
});
