import { describe, expect, test } from 'vitest';
import { originalPlace } from '#engine/script/source-map.ts';
import { compileScript } from '#fleet/distribution/compile-script.ts';
import { scriptAddress, scriptModule, scriptOfAddress } from '#fleet/distribution/script-module.ts';
import { scriptsOf } from '#fleet/distribution/scripts-of.ts';

const FILES: Readonly<Record<string, string>> = {
  'phases/a.ts':
    "import { twice } from '../lib/two';\nimport { Phase } from 'fieldbench/procedure';\n\nexport default async (phase: Phase) => {\n  throw new Error(`boom ${twice(1)}`);\n};\n",
  'lib/two.ts': 'export const twice = (n: number): number =>\n  n * missing();\n',
  'syntax.ts': 'export default async () => {\n  const x = ;\n};\n',
  'node.ts': "\nimport fs from 'node:fs';\nexport default async () => fs;\n",
  'address.ts': "export default async () => import('https://example.com/x.js');\n",
  'outside.ts': "import '../../x';\nexport default 1;\n",
  'gone.ts': "import './nothing.ts';\nexport default 1;\n",
  'name.ts': "import { thrice } from './lib/two';\nexport default async () => thrice();\n",
  'none.ts': 'export const a = 1;\n',
};
const compile = (script: string) => compileScript(script, async (path) => FILES[path] ?? null);

describe('compiling a script', () => {
  test('folds its files into code without imports, and every line finds its way back', async () => {
    const done = await compile('phases/a.ts');
    if (!('script' in done)) throw new Error(JSON.stringify(done));
    const { code, map } = done.script;
    expect(code).not.toMatch(/\bimport\b|\bexport\b|: number/);
    expect(map.sources).toEqual(['lib/two.ts', 'phases/a.ts']);
    const lines = code.split('\n');
    const at = (word: string) => {
      const line = lines.findIndex((one) => one.includes(word));
      return originalPlace(map, line + 1, (lines[line]?.indexOf(word) ?? 0) + 1);
    };
    expect(at('missing')).toEqual({ file: 'lib/two.ts', line: 2, column: 7 });
    expect(at('new Error')).toMatchObject({ file: 'phases/a.ts', line: 5 });
    expect(originalPlace(map, 1000, 1)).toBeNull();
  });

  test.each([
    ['syntax.ts', 2, 13, 'Unexpected token'],
    ['node.ts', 2, 16, '“node:fs” cannot be imported'],
    ['address.ts', 1, 35, 'cannot be imported'],
    ['outside.ts', 1, 8, 'leads out of the procedure'],
    ['gone.ts', 1, 8, 'there is no file nothing.ts'],
    ['name.ts', 1, 10, 'thrice'],
    ['none.ts', 1, 1, 'no default export'],
    ['missing.ts', 1, 1, 'no such file'],
  ])('%s is refused at line %i, column %i', async (file, line, column, words) => {
    const done = await compile(file);
    expect(done).toMatchObject({ problem: { file, line, column, message: expect.stringContaining(words) as string } });
  });
});

describe('a script’s module and its address', () => {
  test('the address leads back to release and file, and only its own kind does', () => {
    const release = `sha256:${'0a'.repeat(32)}`;
    const address = scriptAddress(release, 'phases/ä b.ts');
    expect(scriptOfAddress(address)).toEqual({ release, script: 'phases/ä b.ts' });
    for (const other of ['/scripts/x/a.ts.js', `/scripts/${'0a'.repeat(32)}/a.ts`, `${address}%ZZ.js`])
      expect(scriptOfAddress(other)).toBeUndefined();
  });

  test('the author’s first line is where the module says, whatever the worker’s text ends with', () => {
    for (const worker of ['a();', 'a();\n//# sourceMappingURL=x']) {
      const text = scriptModule(worker, { code: 'FIRST', map: { sources: [], mappings: '' } });
      const said = Number(/fieldbenchScript\((\d+)/.exec(text)?.[1]);
      expect(text.split('\n')[said - 1]).toBe('FIRST');
    }
  });
});

test('scripts are found in whatever a procedure’s file is', () => {
  expect(scriptsOf({ main: [{ script: 'a.ts' }, { script: 7 }, null], teardown: [{ script: 'a.ts' }] })).toEqual([
    'a.ts',
  ]);
  for (const data of [null, 'x', [], { main: 'x' }, { main: { script: 'a.ts' } }]) expect(scriptsOf(data)).toEqual([]);
});
