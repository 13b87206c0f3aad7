/** `fieldbench run` where the procedure asks an operator: answers from a file, or a refusal before the unit is touched. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from 'vite';
import { commandLine } from '../../src/cli/command-line.ts';
import { LONGEST_SCREEN_FILE_BYTES } from '#procedure/screen-file.ts';
import { runIssues } from '../support/tofupilot-schema.ts';

const HEAD = 'name: P\nid: 7c9e6679-7425-40de-944b-e07fc1f90ae7\nversion: 1.0.0\n';
const LED = `${HEAD}unit: { metadata: {} }
main:
  - name: Look at the LED
    ui:
      components:
        - { type: image, source: images/led.png }
        - { type: verdict, label: The LED is green, bind: measurement.led }
        - { type: number_input, key: volts, min: 0, max: 24, bind: measurement.volts }
        - { type: text_input, key: batch, bind: unit.batch_number }
        - { type: camera, key: photo }
    measurements: [{ name: volts, unit: V, validators: [{ operator: '>', expected_value: 11 }] }]
  - name: Turn
    steps: [{ prompt: { message: Turn it, components: [{ type: checklist, key: done, required: true, options: [{ value: a }, { value: b }] }] } }]
`;
const ANSWERS = `look_at_the_led: { the_led_is_green: pass, volts: 12, batch: B-7, photo: images/led.png }
turn: { done: [a, b] }
`;
const PNG = 'iVBORw0KGgo';

let root: string;
let thread: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fieldbench-answers-'));
  const input = { 'script-thread': fileURLToPath(new URL('../../src/cli/script-thread.ts', import.meta.url)) };
  await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr: true, outDir: root, rollupOptions: { input, output: { entryFileNames: '[name].mjs' } } },
  });
  thread = join(root, 'script-thread.mjs');
});
afterAll(() => rm(root, { recursive: true, force: true }));

let folders = 0;
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(root, `p${(folders += 1)}`);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

async function say(args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController().signal;
  const terminal = { out: (line: string) => out.push(line), err: (line: string) => err.push(line), stop };
  const exit = await commandLine(args, { ...terminal, scriptThread: thread });
  return { exit, out, err: err.join('\n') };
}

async function run(files: Readonly<Record<string, string>>, ...more: string[]) {
  const said = await say(['run', await folderOf(files), '--simulated', '--json', ...more]);
  const events = said.out.map((line) => JSON.parse(line));
  return { ...said, events, last: events.at(-1) };
}

const led = (answers?: string) => ({
  'procedure.yaml': LED,
  'images/led.png': PNG,
  ...(answers === undefined ? {} : { 'answers.yaml': answers }),
});

describe('run: answers from a file', () => {
  test('beside the procedure, and what they come to', async () => {
    const { exit, last, events } = await run(led(ANSWERS));
    expect(exit).toBe(0);
    expect(runIssues(last.run)).toEqual([]);
    const [look] = last.run.phases;
    expect(look.measurements).toMatchObject([
      { name: 'led', measured_value: true, outcome: 'PASS' },
      { name: 'volts', measured_value: 12, outcome: 'PASS' },
    ]);
    expect(last.run.batch_number).toBe('B-7');
    expect(events.find(({ event }) => event === 'attachment')).toMatchObject({
      file: { name: 'photo.png', size: PNG.length },
    });
    const named = join(
      await folderOf({ 'a.yaml': ANSWERS.replace('pass', 'fail').replace(', photo: images/led.png', '') }),
      'a.yaml',
    );
    const failed = await run(led(ANSWERS), '--answers', named);
    expect([failed.exit, failed.last.run.docstring]).toEqual([1, 'Look at the LED: The LED is green: fail']);
  });

  test.each([
    ['no file', undefined, 'no-answer', '“Look at the LED” asks the operator'],
    ['no phase', 'turn: {}', 'no-answer', 'look_at_the_led'],
    ['no decision', 'look_at_the_led: { volts: 12 }\nturn: { done: [a, b] }', 'no-answer', 'the_led_is_green'],
    ['a number out of range', ANSWERS.replace('12', '25'), 'answer-refused', 'must be 24 or less'],
    ['half a checklist', ANSWERS.replace('[a, b]', '[a]'), 'answer-refused', '1 to go'],
    ['a batch that no unit has', ANSWERS.replace('B-7', 'B 7'), 'answer-refused', 'not allowed'],
    ['a picture that is not there', ANSWERS.replace('images/led.png', 'none.png'), 'answer-refused', 'none.png'],
    ['no picture', ANSWERS.replace('images/led.png', 'answers.yaml'), 'answer-refused', 'must be a picture'],
    ['no map', '[1]', 'answers-unreadable', 'a map of phases'],
    ['no YAML', 'a: [', 'answers-unreadable', 'answers.yaml'],
  ])('%s: refused before the unit is touched', async (_, answers, code, words) => {
    const { exit, last, events } = await run(led(answers));
    expect(exit).toBe(65);
    expect(last).toMatchObject({ event: 'refusal', code });
    expect(`${last.message} ${last.remedy}`).toContain(words);
    expect(events).toHaveLength(1);
  });

  test('a file that the command line names and that is not there is refused, too', async () => {
    const { last } = await run(led(ANSWERS), '--answers', join(root, 'nowhere.yaml'));
    expect(last).toMatchObject({ event: 'refusal', code: 'answers-unreadable' });
    expect((await say(['check', root, '--answers', 'a'])).exit).toBe(64);
  });

  test('a phase that is switched off asks nobody', async () => {
    const text = LED.replace('  - name: Turn\n', '  - name: Turn\n    enabled: false\n');
    const { exit } = await run({ ...led(ANSWERS.replace('turn:', 'other:')), 'procedure.yaml': text });
    expect(exit).toBe(0);
  });
});

describe('scripts that show and ask', () => {
  const procedure = `${HEAD}main:
  - name: Ask
    script: ask.ts
    ui: { components: [{ type: progress }, { type: text, key: said }, { type: switch, key: lamp }] }
    measurements: [{ name: volts, validators: [{ operator: '>', expected_value: 11 }] }]
`;
  const script = `import type { Phase } from 'fieldbench/procedure';
export default async ({ ui, measurements, log }: Phase): Promise<void> => {
  for (let percent = 0; percent <= 100; percent += 1) ui.show({ progress: percent });
  const { lamp } = await ui.answers();
  const { volts } = await ui.ask({ message: { en: 'How much?' }, components: [{ type: 'number_input', key: 'volts' }] });
  log.info(\`lamp \${lamp}, \${volts} V\`);
  measurements['volts'] = Number(volts);
};
`;

  test('are answered from the file', async () => {
    const ran = await run({
      'procedure.yaml': procedure,
      'ask.ts': script,
      'answers.yaml': 'ask: { lamp: true, volts: 12 }\n',
    });
    expect(ran.last).toMatchObject({ outcome: 'PASS' });
    expect(ran.last.run.logs.map(({ message }: { message: string }) => message)).toEqual([
      'operator: lamp = true',
      'operator: volts = 12',
      'lamp true, 12 V',
    ]);
  });

  test('what only the script knows that it asks is an error when it asks', async () => {
    const text = script.replace("key: 'volts' }", "key: 'other', required: true }");
    const ran = await run({ 'procedure.yaml': procedure, 'ask.ts': text, 'answers.yaml': 'ask: { lamp: true }\n' });
    expect(ran.last).toMatchObject({ outcome: 'ERROR' });
    expect(ran.last.run.docstring).toContain('asks for “other”, which needs an answer');
  });

  test('showing what its screen has not is said with the names that there are', async () => {
    const text = script.replace('progress: percent', 'progres: percent');
    const ran = await run({ 'procedure.yaml': procedure, 'ask.ts': text, 'answers.yaml': 'ask: { lamp: true }\n' });
    expect(ran.last.run.docstring).toContain('ask.ts:3:');
    expect(ran.last.run.docstring).toContain('shows no progres; there are: progress, said');
  });
});

describe('check and run: files that screens show', () => {
  test('one that is missing, too large or elsewhere is in the way', async () => {
    const folder = await folderOf({ 'procedure.yaml': LED });
    const check = async () =>
      JSON.parse((await say(['check', folder, '--json'])).out.join('')) as { runs: boolean; problems: object[] };
    expect(await check()).toMatchObject({
      runs: false,
      problems: [{ code: 'screen-file', severity: 'error', line: 6, message: expect.stringContaining('no such file') }],
    });
    await mkdir(join(folder, 'images'));
    await symlink('/etc/hosts', join(folder, 'images/led.png'));
    expect((await check()).problems).toMatchObject([{ message: expect.stringContaining('no file of the folder') }]);
    await rm(join(folder, 'images/led.png'));
    await writeFile(join(folder, 'images/led.png'), new Uint8Array(LONGEST_SCREEN_FILE_BYTES + 1));
    expect((await check()).problems).toMatchObject([{ message: expect.stringContaining('51 MiB; 50 are allowed') }]);
    await writeFile(join(folder, 'images/led.png'), PNG);
    expect(await check()).toMatchObject({ runs: true, problems: [] });
    await rm(join(folder, 'images/led.png'));
    const { exit, out } = await say(['run', folder, '--simulated', '--json']);
    expect([exit, JSON.parse(out.at(-1)!).code]).toEqual([65, 'screen-file']);
  });
});
