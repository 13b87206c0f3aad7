/**
 * From an author's `.ts` or `.js` to code that a script's world can run: types gone, its own files folded in.
 *
 * Only files of the procedure's folder may be imported; packages, addresses and Node's modules are refused with line
 * and column. For Node only: the compiler is a native library. Above: the server for source folders, the command line.
 */
import type { CompiledScript } from '#fleet/distribution/script-module.ts';

/** Why a script cannot be had, and where. */
export interface ScriptProblem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A file of the folder by its path with `/`; null when there is none. */
export type ReadSource = (path: string) => Promise<string | null>;

export type Compiled = { readonly script: CompiledScript } | { readonly problem: ScriptProblem };

/** The virtual module that hands the default export over; no path of a folder begins like this. */
const ENTRY = '\0entry';
const ENDINGS = ['', '.ts', '.js', '/index.ts', '/index.js'];
/** A phase script is some pages; what is larger is not one that somebody wrote. */
const LONGEST_CODE = 2_000_000;

class Refusal extends Error {
  readonly problem: ScriptProblem;
  constructor(problem: ScriptProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

export async function compileScript(script: string, readSource: ReadSource): Promise<Compiled> {
  const refuse = (file: string, message: string, line = 1, column = 1): never => {
    throw new Refusal({ file, line, column, message });
  };
  if ((await readSource(script)) === null) return { problem: at(script, 'there is no such file in the folder') };
  let refused: ScriptProblem | undefined;
  const { rolldown } = await import('rolldown');
  try {
    const bundle = await rolldown({
      input: ENTRY,
      platform: 'neutral',
      onLog: () => {},
      transform: { define: { 'import.meta': 'undefined' } },
      plugins: [
        {
          name: 'fieldbench-folder',
          async resolveId(wanted, importer) {
            if (wanted === ENTRY || importer === ENTRY) return wanted;
            const from = importer ?? script;
            const found = await resolved(wanted, from, readSource);
            if (typeof found === 'string') return found;
            const text = (await readSource(from)) ?? '';
            refused ??= { ...placeOf(wanted, text, from), message: found.why };
            throw new Refusal(refused);
          },
          async load(path) {
            if (path === ENTRY) return `import script from ${JSON.stringify(script)};\nfieldbenchTake(script);`;
            return { code: (await readSource(path)) ?? refuse(path, 'there is no such file in the folder') };
          },
        },
      ],
    });
    const { output } = await bundle.generate({ format: 'es', sourcemap: 'hidden', codeSplitting: false });
    await bundle.close();
    const [{ code, map }] = output;
    if (code.length > LONGEST_CODE) refuse(script, `has more than ${LONGEST_CODE} characters with what it imports`);
    // The names in the map begin at the bundle's place on this machine, which is nobody's business.
    const names = (map?.sources ?? []).map((source) => source.replace(/^(?:\.\.\/)+/, ''));
    return { script: { code, map: { sources: names, mappings: map?.mappings ?? '' } } };
  } catch (thrown) {
    if (refused) return { problem: refused };
    if (thrown instanceof Refusal) return { problem: thrown.problem };
    return { problem: problemOf(thrown, script) };
  }
}

async function resolved(wanted: string, from: string, readSource: ReadSource): Promise<string | { why: string }> {
  if (!/^\.\.?\//.test(wanted))
    return { why: `“${wanted}” cannot be imported: a script may import only files of its own folder, by ./ or ../` };
  const parts = from.split('/').slice(0, -1);
  for (const part of wanted.split('/')) {
    if (part === '..' && parts.pop() === undefined) return { why: `“${wanted}” leads out of the procedure's folder` };
    if (part !== '..' && part !== '.') parts.push(part);
  }
  const path = parts.join('/');
  for (const ending of ENDINGS) if ((await readSource(path + ending)) !== null) return path + ending;
  return { why: `there is no file ${path} in the procedure's folder` };
}

/** Where an import stands in its file. */
function placeOf(wanted: string, text: string, file: string): Omit<ScriptProblem, 'message'> {
  const offset = Math.max(0, ...[`'${wanted}'`, `"${wanted}"`].map((quoted) => text.indexOf(quoted)));
  const before = text.slice(0, offset).split('\n');
  return { file, line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** What the compiler found: its first error. */
function problemOf(thrown: unknown, script: string): ScriptProblem {
  const [first] = (thrown as { errors?: readonly CompilerError[] }).errors ?? [];
  if (first?.kind === 'MISSING_EXPORT' && first.loc?.file === ENTRY)
    return at(first.exporter ?? script, 'has no default export; write “export default async (phase) => { … }”');
  const { line = 1, column = 0, file = script } = first?.loc ?? {};
  return { file, line, column: column + 1, message: sentence(first?.message ?? String(thrown)) };
}

interface CompilerError {
  readonly kind?: string;
  readonly message?: string;
  readonly exporter?: string;
  readonly loc?: { readonly file?: string; readonly line: number; readonly column: number };
}

/** Its first line, without colours and code. */
function sentence(message: string): string {
  // oxlint-disable-next-line no-control-regex
  const plain = message.replaceAll(/\u001b\[[\d;]*m/g, '').split('\n')[0] ?? '';
  return plain.replace(/^\[\w+\]\s*/, '') || 'cannot be compiled';
}

function at(file: string, message: string): ScriptProblem {
  return { file, line: 1, column: 1, message };
}
