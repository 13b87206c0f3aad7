/**
 * A section as written: a list of phases, or a map that says beside them that independent ones run side by side.
 *
 * Above: read-procedure.ts. Below: read-phases.ts, which reads the phases themselves.
 */
import type { Located } from '#procedure/located.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import type { Section } from '#procedure/section.ts';

export const SECTIONS = ['setup', 'main', 'teardown'] as const;
export const SECTION_KEYS = ['parallel', 'phases'];

export interface ReadSection {
  readonly nodes: readonly Located[];
  readonly isParallel: boolean;
}

export function readSection(context: Context, procedure: Fields, section: Section): ReadSection {
  const node = procedure.node(section);
  const isMap = node?.kind === 'map';
  const fields = isMap ? new Fields(context, node, `“${section}”`, SECTION_KEYS) : procedure;
  if (isMap) fields.require('phases');
  const key = isMap ? 'phases' : section;
  const nodes = fields.list(key);
  if (section === 'main' && nodes?.length === 0) fields.refuse('length', key, 'needs at least one phase');
  return { nodes: nodes ?? [], isParallel: (isMap && fields.flag('parallel')) || false };
}
