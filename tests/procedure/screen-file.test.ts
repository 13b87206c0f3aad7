/** RULES.md 19: files of the folder that screens show. */
import { describe, expect, test } from 'vitest';
import { screenFiles, screenFileTrouble, screenMediaType } from '#procedure/screen-file.ts';
import { load, message, obstacles, read, withPhase } from './read-text.ts';

const screen = (components: string) => withPhase(`ui:\n  requires_input: true\n  components:\n${components}`);

describe('rule 19: files that screens show', () => {
  test.each([
    ['images/led.webp', 'image', null],
    ['LED.PNG', 'image', null],
    ['a b/ü.svg', 'image', null],
    ['film.webm', 'video', null],
    ['manual.pdf', 'pdf', null],
    ['notes.md', 'markdown', null],
    ['../led.png', 'image', 'a file of the procedure'],
    ['/etc/led.png', 'image', 'a file of the procedure'],
    ['a/../../led.png', 'image', 'a file of the procedure'],
    ['a//led.png', 'image', 'a file of the procedure'],
    ['.git/led.png', 'image', 'a file of the procedure'],
    ['a\\led.png', 'image', 'a file of the procedure'],
    ['https://example.com/led.png', 'image', 'without a network'],
    ['//example.com/led.png', 'image', 'without a network'],
    ['data:image/png;base64,AA', 'image', 'without a network'],
    ['led.bmp', 'image', 'must be a picture'],
    ['film.avi', 'video', 'must be a film'],
    ['manual.docx', 'pdf', 'must be a PDF'],
    ['a.html', 'markdown', 'must be a text'],
    ['film.mp4', 'image', 'must be a picture'],
  ] as const)('%s in %s', (path, kind, trouble) => {
    if (trouble === null) expect(screenFileTrouble(path, kind)).toBeNull();
    else expect(screenFileTrouble(path, kind)).toContain(trouble);
  });

  test('one that cannot be shown is in the way of a run, with its place', () => {
    const text = screen(`    - { type: image, default_value: https://example.com/a.png }
    - { type: radio, options: [{ value: a, image: ../a.png }] }
    - { type: video, source: film.avi }
    - { type: pdf, source: a.pdf, default_value: a.tiff }`);
    expect(obstacles(text)).toEqual([
      'screen-file 11:26',
      'screen-file 12:48',
      'screen-file 13:26',
      'screen-file 14:39',
    ]);
    expect(read(text).problems).toEqual([]);
  });

  test('what the phases show is known, each file once, without those that are switched off', () => {
    const text = `${screen(`    - { type: image, source: images/a.png, default_value: images/none.png }
    - { type: image, default_value: images/a.png }
    - { type: radio, options: [{ value: a, image: images/b.png }, { value: b }] }
    - { type: pdf, source: c.pdf, default_value: images/c.png }
    - { type: text, default_value: no-file.png }`)}  - name: Steps
    steps: [{ repeat: { count: 2, steps: [{ prompt: { message: m, components: [{ type: markdown, source: d.md }] } }] } }]
  - { name: Off, enabled: false, ui: { requires_input: true, components: [{ type: image, source: e.png }] } }
`;
    expect(screenFiles(load(text)).map(({ path, phase, line }) => `${path} ${phase} ${line}`)).toEqual([
      'images/a.png Rails 7',
      'images/b.png Rails 7',
      'c.pdf Rails 7',
      'images/c.png Rails 7',
      'd.md Steps 16',
    ]);
    expect(message(text)).toBe('');
  });

  test('media types by ending', () => {
    expect(['a.svg', 'a.MD', 'a.mp4', 'a.ts', 'a'].map(screenMediaType)).toEqual([
      'image/svg+xml',
      'text/markdown',
      'video/mp4',
      null,
      null,
    ]);
  });
});
