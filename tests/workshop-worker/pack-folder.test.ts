/** The workshop reads, compiles and packs as the command line does. */
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { EditedFolder } from '#engine/link/editing-link.ts';
import { COMPILE_ADDRESS } from '#fleet/distribution/compile-wish.ts';
import { STARTER_BENCH, starterProcedure } from '#procedure/starter.ts';
import { pack } from '../../src/cli/pack.ts';
import { checkFolder as checkOnDisk } from '../../src/cli/check.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { Compiler } from '../../src/server/fleet/compile-route.ts';
import { AskCompiler } from '../../src/workshop-worker/ask-compiler.ts';
import { checkFolder } from '../../src/workshop-worker/check-folder.ts';
import { packFolder } from '../../src/workshop-worker/pack-folder.ts';

const SWEEP = `import { limit } from './limits.ts';
import type { Nothing } from './types.ts';
export default async (phase: { measure(name: string, value: number): void }) => {
  phase.measure('rail_3v3', limit);
  phase.measure('current', 0.01);
};
`;
const WITH_SCRIPT = starterProcedure('Board').replace(
  /    steps:\n(      - measure.*\n){2}/,
  '    script: phases/sweep.ts\n',
);
const SCRIPTS = {
  'phases/sweep.ts': SWEEP,
  'phases/limits.ts': 'export const limit = 3.3;\nexport const unused = 1;\n',
  'phases/types.ts': 'export type Nothing = null;\n',
  'notes.md': 'no part of it\n',
};
const PICTURE = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0, 255]);
const WITH_PICTURE = starterProcedure('Board').replace(
  'main:\n',
  'main:\n  - name: Look\n    ui:\n      components:\n        - { type: image, source: images/led.png }\n    steps: [{ wait: 1ms }]\n',
);

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const silent = { out: () => {}, err: () => {} } as unknown as Terminal;

/** A server's compiler, asked as over the network. */
function compilerOf(texts: EditedFolder['texts'], asked: string[] = []) {
  const server = new Compiler(() => performance.now());
  const ask = (async (address: string, init: RequestInit) => {
    asked.push(address);
    return server.answer(new Request(`http://station${address}`, init));
  }) as unknown as typeof fetch;
  return new AskCompiler(ask, () => texts);
}

async function both(
  files: Readonly<Record<string, string>>,
  pictures: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'fieldbench-workshop-'));
  folders.push(folder);
  for (const [path, content] of [...Object.entries(files), ...Object.entries(pictures)]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const out = join(folder, 'out.zip');
  const code = await pack(folder, { out, json: false }, silent);
  const texts = Object.entries(files);
  const others = Object.entries(pictures);
  const edited: EditedFolder = {
    name: 'board',
    file: 'procedure.yaml',
    texts,
    others: others.map(([path, bytes]) => [path, bytes.length]),
  };
  const { compile } = compilerOf(texts);
  const { procedure, said } = await checkFolder(edited, compile);
  const packed = said.runs ? await packFolder(edited, others, procedure!, compile) : null;
  return {
    code,
    said,
    packed,
    onDisk: await checkOnDisk(folder),
    bytes: code === 0 ? new Uint8Array(readFileSync(out)) : null,
  };
}

describe('the same as the command line', () => {
  test.each([
    ['the template', { 'procedure.yaml': starterProcedure('Board'), 'bench.yaml': STARTER_BENCH }, {}],
    ['scripts, with what they import', { 'procedure.yaml': WITH_SCRIPT, 'bench.yaml': STARTER_BENCH, ...SCRIPTS }, {}],
    ['pictures', { 'procedure.yaml': WITH_PICTURE }, { 'images/led.png': PICTURE, 'images/other.png': PICTURE }],
  ])('%s: the same bytes', async (_, files, pictures) => {
    const { packed, bytes, code } = await both(files, pictures);
    expect(code).toBe(0);
    expect(packed!.name).toBe('board-functional-test-0.1.0.release.zip');
    expect(Buffer.from(packed!.bytes).equals(Buffer.from(bytes!))).toBe(true);
  });

  test.each([
    ['an error', { 'procedure.yaml': starterProcedure('Board').replace('operator: range', 'operator: rnage') }],
    ['a hint', { 'procedure.yaml': starterProcedure('Board').replace('plug: fixture, query', 'plug: fixtur, query') }],
    ['a bench with a mistake', { 'procedure.yaml': starterProcedure('Board'), 'bench.yaml': 'fixture: [\n' }],
    [
      'a script that imports too much',
      { 'procedure.yaml': WITH_SCRIPT, ...SCRIPTS, 'phases/sweep.ts': "import 'fs';\nexport default 1;\n" },
    ],
    ['a picture that is not there', { 'procedure.yaml': WITH_PICTURE }],
  ])('%s: the same problems at the same places', async (_, files) => {
    const { said, onDisk } = await both(files);
    const places = (all: typeof said.problems) =>
      all.map(({ code, message, file, line }) => `${file}:${line} ${code} ${message}`);
    // The bench’s own place is only in its sentence on the command line.
    const plain = (one: string) => one.replace(/^bench\.yaml:\d+/, 'bench.yaml');
    expect(places(said.problems).map(plain)).toEqual(places(onDisk.problems).map(plain));
    expect([said.loads, said.runs]).toEqual([onDisk.loads, onDisk.runs]);
  });
});

describe('the compiler on the server', () => {
  const texts = Object.entries(SCRIPTS);

  test('is asked once for the same sources, and only scripts go there', async () => {
    const asked: string[] = [];
    const { compile } = compilerOf(texts, asked);
    for (let time = 0; time < 2; time += 1)
      expect(await compile('phases/sweep.ts', async () => null)).toHaveProperty('script');
    expect(asked).toEqual([COMPILE_ADDRESS]);
  });

  test('that cannot be reached is a problem of the script, not the end of the check', async () => {
    const { compile } = new AskCompiler((() => Promise.reject(new TypeError('offline'))) as typeof fetch, () => texts);
    expect(await compile('phases/sweep.ts', async () => null)).toEqual({
      problem: { file: 'phases/sweep.ts', line: 1, column: 1, message: expect.stringContaining('cannot be reached') },
    });
  });

  test('rule 39: takes what is meant for it, and no more than it can bear', async () => {
    const server = new Compiler(() => 0);
    const ask = (body: BodyInit) => server.answer(new Request('http://a/', { method: 'POST', body }));
    expect((await ask('{')).status).toBe(400);
    expect((await ask(JSON.stringify({ script: 'a.ts', sources: [], more: 1 }))).status).toBe(400);
    expect((await ask(JSON.stringify({ script: 'a.ts', sources: [['a.ts', 'x'.repeat(1_100_000)]] }))).status).toBe(
      413,
    );
    const outside = await ask(JSON.stringify({ script: '../../etc/passwd', sources: [] }));
    expect(await outside.json()).toMatchObject({
      done: { problem: { message: expect.stringContaining('no such file') } },
    });
    const answers = await Promise.all(Array.from({ length: 9 }, () => ask('{')));
    expect(answers.map(({ status }) => status)).toContain(429);
  });
});
