/**
 * A question that a script asks: the same message and components as in the file, given as plain data.
 *
 * Read by the same readers, so that a script can ask nothing that a file could not. Above: engine/script. Knows nothing
 * of scripts.
 */
import type { Located, Place } from '#procedure/located.ts';
import type { LocalText } from '#procedure/local-text.ts';
import { Problems } from '#procedure/problem.ts';
import type { UnitFields } from '#procedure/procedure.ts';
import type { Component } from '#procedure/screen.ts';
import { Fields, type Context } from '#procedure/read/fields.ts';
import { Parameters } from '#procedure/read/parameters.ts';
import type { ComponentScope } from '#procedure/read/read-component.ts';
import { readLocalText } from '#procedure/read/read-local-text.ts';
import { readComponents } from '#procedure/read/read-screen.ts';
import { unitFieldsOf } from '#procedure/read/read-when.ts';

export interface Question {
  readonly message: LocalText;
  readonly components: readonly Component[];
}

/** Nothing of it stands in a file. */
const NOWHERE: Place = { line: 1, column: 1 };

export interface QuestionScope extends Omit<ComponentScope, 'unitFields'> {
  readonly unit: UnitFields;
}

/** @returns what is wrong with it, in words, when it cannot be asked */
export function readQuestion(given: unknown, { unit, ...scope }: QuestionScope): Question | string {
  const problems = new Problems('', false);
  const context: Context = {
    problems,
    parameters: new Parameters(problems),
    configured: new Map(),
    drivers: [],
    readings: () => [],
  };
  const node = located(given);
  const fields = new Fields(context, node, 'the question', ['message', 'components']);
  const message = fields.require('message') && readLocalText(fields, 'message', 1000);
  const components = readComponents(fields, { ...scope, unitFields: unitFieldsOf(unit) });
  const [wrong] = [...problems.all.filter(({ severity }) => severity === 'error'), ...problems.obstacles];
  if (wrong) return wrong.message;
  return message === undefined ? 'the question needs a “message”' : { message, components };
}

function located(value: unknown): Located {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(located), place: NOWHERE };
  if (typeof value === 'object' && value !== null) {
    const stated = Object.entries(value).filter(([, one]) => one !== undefined);
    const entries = stated.map(([key, one]) => ({ key, place: NOWHERE, value: located(one) }));
    return { kind: 'map', entries, place: NOWHERE };
  }
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return { kind: 'scalar', value: scalar, text: String(value), style: 'plain', place: NOWHERE };
}
