/**
 * The step `expect_reboot`: which device may leave and come back, what makes it, and as what it returns.
 *
 * Above: read-steps.ts, which hands in how to read what it has in common with other steps.
 */
import type { Plug, Step } from '#procedure/procedure.ts';
import { Fields } from '#procedure/read/fields.ts';
import { readCommand } from '#procedure/read/read-device-step.ts';
import { readUsbIds } from '#procedure/read/read-resource.ts';
import { patternTrouble } from '#procedure/read/read-validator.ts';
import { stated } from '#procedure/read/stated.ts';

export const REBOOT_KEYS = ['plug', 'within', 'command', 'steps', 'as', 'until'];
export const REBOOT_FORM_KEYS = ['usb', 'identity'];

export interface RebootParts {
  readonly plug: Plug | undefined;
  readonly steps: readonly Step[];
  readonly line: number;
}

export function readReboot(fields: Fields, { plug, steps, line }: RebootParts): Step | undefined {
  fields.require('within');
  const timeoutMs = fields.duration('within');
  const command = fields.has('command') ? readCommand(fields, 'command') : undefined;
  if (fields.has('command') && fields.has('steps'))
    fields.refuse('conflict', 'steps', 'and “command” exclude each other');
  const until = readPattern(fields, 'until');
  if (until !== undefined && plug && plug.driver !== 'console')
    fields.refuse(
      'conflict',
      'until',
      `reads what a console prints, and the driver of “${plug.name}” is “${plug.driver}”`,
    );
  const node = fields.node('as');
  const form = node && readForm(new Fields(fields.context, node, `${fields.what}, “as”`, REBOOT_FORM_KEYS), plug);
  if (!plug || timeoutMs === undefined) return undefined;
  return {
    kind: 'expect-reboot',
    plug: plug.key,
    steps,
    timeoutMs,
    ...stated({ command, until, as: form }),
    line,
  };
}

function readForm(fields: Fields, plug: Plug | undefined): { usb?: string[]; identity?: string } | undefined {
  const usb = fields.has('usb') ? readUsbIds(fields) : undefined;
  const identity = readPattern(fields, 'identity');
  if (!fields.has('usb') && !fields.has('identity')) {
    fields.error('missing-key', fields.place, `${fields.what} needs “usb” or “identity”`);
    return undefined;
  }
  if (identity !== undefined && plug && plug.resource?.identity === undefined)
    fields.refuse('conflict', 'identity', `has no effect: the resource of “${plug.name}” states no “identity”`);
  return stated({ usb, identity });
}

function readPattern(fields: Fields, key: string): string | undefined {
  const pattern = fields.text(key, { max: 500, parameters: 'embed', untrimmed: true });
  const trouble = pattern === undefined ? null : patternTrouble(pattern);
  return trouble === null ? pattern : fields.refuse('pattern', key, trouble);
}
