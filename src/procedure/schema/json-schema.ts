/**
 * The few forms of JSON Schema that the format's schema is made of.
 *
 * Draft 2020-12. What the parser takes, these take: a key with nothing behind it counts as absent, and a whole
 * `${parameter}` may stand for a number, a flag or a duration. Knows nothing of procedures.
 */
export type JsonSchema = { readonly [key: string]: unknown };

export const PARAMETER: JsonSchema = { type: 'string', pattern: '^\\$\\{[^{}]*\\}$' };
export const ANYTHING: JsonSchema = {};

export const text = (maxLength?: number): JsonSchema => ({ type: 'string', ...(maxLength ? { maxLength } : {}) });
export const neededText = (maxLength?: number): JsonSchema => ({ ...text(maxLength), minLength: 1 });
export const choice = (values: readonly (string | number)[]): JsonSchema => ({ enum: [...values] });
export const listOf = (items: JsonSchema, limits: JsonSchema = {}): JsonSchema => ({ type: 'array', items, ...limits });
export const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });
export const orParameter = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, PARAMETER] });
export const flag = orParameter({ type: 'boolean' });
export const number = orParameter({ type: 'number' });
export const whole = (minimum: number, maximum?: number): JsonSchema =>
  orParameter({ type: 'integer', minimum, ...(maximum === undefined ? {} : { maximum }) });
/** A hover text in an editor. */
export const said = (description: string, schema: JsonSchema): JsonSchema => ({ description, ...schema });

/** A map with these keys and no others. Keys that end in `!` must be there; the others may also have nothing behind them. */
export function map(keys: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const needed = Object.keys(keys).filter((key) => key.endsWith('!'));
  const properties = Object.entries(keys).map(([key, schema]) =>
    key.endsWith('!') ? [key.slice(0, -1), schema] : [key, orNothing(schema)],
  );
  return {
    type: 'object',
    properties: Object.fromEntries(properties) as JsonSchema,
    additionalProperties: false,
    ...(needed.length > 0 ? { required: needed.map((key) => key.slice(0, -1)) } : {}),
  };
}

function orNothing(schema: JsonSchema): JsonSchema {
  const { description, ...rest } = schema;
  const kept = description === undefined ? {} : { description };
  if (Object.keys(rest).length === 0) return schema;
  if (typeof rest['type'] === 'string' && !('enum' in rest)) return { ...kept, ...rest, type: [rest['type'], 'null'] };
  if (Array.isArray(rest['enum']) && !('type' in rest))
    return { ...kept, ...rest, enum: [...(rest['enum'] as unknown[]), null] };
  if (Array.isArray(rest['anyOf']))
    return { ...kept, ...rest, anyOf: [...(rest['anyOf'] as unknown[]), { type: 'null' }] };
  return { ...kept, anyOf: [rest, { type: 'null' }] };
}
