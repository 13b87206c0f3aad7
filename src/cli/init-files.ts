/**
 * The files that `fieldbench init` writes.
 *
 * Above: init.ts. Knows nothing of disks.
 */
import { procedureSchemaText } from '#procedure/schema/procedure-schema.ts';
import { STARTER_BENCH, starterProcedure } from '#procedure/starter.ts';
import { procedureTypes, TYPES_FILE } from './procedure-types.ts';

/** Hidden, so that it is no part of a release; beside it no server is needed to write a procedure. */
const SCHEMA = '.vscode/procedure.schema.json';

/** @returns texts by path */
export function initFiles(name: string): Readonly<Record<string, string>> {
  const settings = { 'yaml.schemas': { [`./${SCHEMA}`]: ['procedure.yaml', 'procedure.yml'] } };
  return {
    'procedure.yaml': starterProcedure(name, SCHEMA),
    'bench.yaml': STARTER_BENCH,
    // For phases that are scripts: an editor completes and checks what a script is given.
    [TYPES_FILE]: procedureTypes(),
    'tsconfig.json': `${JSON.stringify(TYPESCRIPT, null, 2)}\n`,
    '.vscode/settings.json': `${JSON.stringify(settings, null, 2)}\n`,
    [SCHEMA]: procedureSchemaText(),
  };
}

const TYPESCRIPT = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023', 'WebWorker'],
    types: [],
    module: 'ESNext',
    moduleResolution: 'bundler',
    strict: true,
    noEmit: true,
  },
  include: ['**/*.ts'],
};
