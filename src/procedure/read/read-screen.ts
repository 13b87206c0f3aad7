/**
 * Screens: the components that a phase shows, in their order.
 *
 * TofuPilot takes the same flat set of keys for every kind of component, so this does too; what we added belongs to the
 * kinds that need it. Below: read-component.ts. Above: read-phases.ts, read-prompt.ts. Knows nothing of how they look.
 */
import type { Located } from '#procedure/located.ts';
import { asks, type Component, type Screen } from '#procedure/screen.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { readComponent, type ComponentScope } from '#procedure/read/read-component.ts';

export function readScreen(context: Context, node: Located, scope: ComponentScope): Screen {
  const what = `${scope.phase}, “ui”`;
  const fields = new Fields(context, node, what, ['components', 'requires_input']);
  const components = readComponents(fields, scope);
  const stated = fields.flag('requires_input');
  return { components, waits: stated === true || components.some(({ kind }) => asks(kind)) };
}

export function readComponents(fields: Fields, scope: ComponentScope): Component[] {
  const taken = new Map<string, number>();
  return (fields.list('components') ?? []).flatMap((node) => {
    const read = readComponent(fields.context, node, scope);
    if (!read) return [];
    const { component, isKeyStated } = read;
    const line = taken.get(component.key);
    if (line !== undefined && isKeyStated)
      fields.error(
        'duplicate',
        node.place,
        `${fields.what}: two components have the key “${component.key}”; the first is in line ${line}`,
      );
    const key = line === undefined ? component.key : firstFree(component.key, taken);
    taken.set(key, node.place.line);
    return [{ ...component, key }];
  });
}

/** Two pictures without labels are `image` and `image_2`. */
export function firstFree(key: string, taken: { has(key: string): boolean }): string {
  let count = 2;
  while (taken.has(`${key}_${count}`)) count += 1;
  return `${key}_${count}`;
}
