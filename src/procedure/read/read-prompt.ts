/**
 * The step `prompt`: a message to the operator, with components to answer it where a confirmation is not enough.
 *
 * Above: read-steps.ts. Below: read-screen.ts. Knows nothing of screens.
 */
import type { Located } from '#procedure/located.ts';
import type { Step } from '#procedure/procedure.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import type { ComponentScope } from '#procedure/read/read-component.ts';
import { readLocalText } from '#procedure/read/read-local-text.ts';
import { readComponents } from '#procedure/read/read-screen.ts';
import { stated } from '#procedure/read/stated.ts';

export const PROMPT_KEYS = ['message', 'components', 'timeout'];

export function readPrompt(context: Context, node: Located, line: number, scope: ComponentScope): Step | undefined {
  const fields = new Fields(context, node, `a “prompt” step of ${scope.phase}`, PROMPT_KEYS);
  if (node.kind !== 'map') return undefined;
  const message = fields.require('message') && readLocalText(fields, 'message', 1000);
  const components = readComponents(fields, scope);
  const timeoutMs = fields.duration('timeout');
  return message === undefined ? undefined : { kind: 'prompt', message, components, ...stated({ timeoutMs }), line };
}
