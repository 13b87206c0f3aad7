/**
 * The key of something with a name: stated, or derived from the name as TofuPilot derives it.
 */
import { deriveKey, keyProblem } from '#procedure/key.ts';
import type { Fields } from '#procedure/read/fields.ts';

export function readKey(fields: Fields, name: string | undefined): string | undefined {
  if (fields.has('key')) {
    const stated = fields.text('key');
    const trouble = stated === undefined ? null : keyProblem(stated);
    return trouble ? fields.refuse('identifier', 'key', trouble) : stated;
  }
  if (name === undefined) return undefined;
  const derived = deriveKey(name);
  if (keyProblem(derived) === null) return derived;
  return fields.refuse('identifier', 'name', `gives no usable key (“${derived}”); add one, such as key: my_key`);
}
