/**
 * The file of types that stands beside a procedure: `import type { Phase } from 'fieldbench/procedure'`.
 *
 * Its text is the engine's own (engine/script/phase-api.ts), so that what an author's editor knows is what a script is
 * given. Nothing has to be installed for it.
 */
import api from '#engine/script/phase-api.ts?raw';

export const TYPES_FILE = 'fieldbench.d.ts';

export function procedureTypes(): string {
  const body = api
    .slice(api.indexOf('*/') + 2)
    .trim()
    .replaceAll(/^(?=.)/gm, '  ');
  return `/** Types of a phase's script, as this version of Fieldbench has them. */\ndeclare module 'fieldbench/procedure' {\n${body}\n}\n`;
}
