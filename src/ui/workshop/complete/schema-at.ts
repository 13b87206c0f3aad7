/**
 * What the format's schema says at a place: which keys, which values, and what each is for.
 *
 * Pure; the schema is an argument. Knows nothing of editors.
 */
import type { JsonSchema } from '#procedure/schema/json-schema.ts';
import type { YamlPath } from '#ui/workshop/complete/yaml-place.ts';

export interface SchemaKey {
  readonly key: string;
  readonly description: string;
  readonly isNeeded: boolean;
  /** What follows it is a map or a list. */
  readonly isNested: boolean;
}

export class SchemaAt {
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  keys(path: YamlPath): SchemaKey[] {
    const keys = new Map<string, SchemaKey>();
    for (const one of this.#at(path)) {
      const needed = new Set(listOf(one['required']));
      for (const [key, schema] of Object.entries(mapOf(one['properties'])))
        if (!keys.has(key))
          keys.set(key, {
            key,
            description: this.#described(schema),
            isNeeded: needed.has(key),
            isNested: this.#choices(schema).some(({ type }) => type === 'array' || type === 'object'),
          });
    }
    return [...keys.values()];
  }

  /** Words that may stand there, as far as the format lists them. */
  values(path: YamlPath): string[] {
    const values = this.#at(path).flatMap((one) => [
      ...listOf(one['enum']).filter((value) => value !== null),
      ...(typesOf(one).includes('boolean') ? [true, false] : []),
    ]);
    return [...new Set(values.map(String))];
  }

  /** What the last key of the path is for; empty where nothing is said. */
  description(path: YamlPath): string {
    const [key] = path.slice(-1);
    if (key === undefined) return '';
    return this.keys(path.slice(0, -1)).find((one) => one.key === key)?.description ?? '';
  }

  #at(path: YamlPath): JsonSchema[] {
    let schemas = this.#choices(this.#root);
    for (const step of path) schemas = schemas.flatMap((one) => this.#step(one, step));
    return schemas;
  }

  #step(schema: JsonSchema, step: string): JsonSchema[] {
    if (step === '[]') return 'items' in schema ? this.#choices(schema['items'] as JsonSchema) : [];
    const own = mapOf(schema['properties'])[step];
    const other = schema['additionalProperties'];
    const next = own ?? (typeof other === 'object' ? (other as JsonSchema) : undefined);
    return next ? this.#choices(next) : [];
  }

  /** A schema as the plain ones that it may be. */
  #choices(schema: JsonSchema, depth = 0): JsonSchema[] {
    if (depth > 8) return [];
    const { $ref, anyOf, allOf, ...rest } = schema;
    if (typeof $ref === 'string') return this.#choices(this.#named($ref), depth + 1);
    const among = [...listOf(anyOf), ...listOf(allOf)] as JsonSchema[];
    return [rest, ...among.flatMap((one) => this.#choices(one, depth + 1))];
  }

  #named(ref: string): JsonSchema {
    return mapOf(this.#root['$defs'])[ref.replace('#/$defs/', '')] ?? {};
  }

  /** Its own words, else those of what it stands for. */
  #described(schema: JsonSchema, depth = 0): string {
    const { description, $ref, anyOf } = schema;
    if (typeof description === 'string') return description;
    if (depth > 4) return '';
    if (typeof $ref === 'string') return this.#described(this.#named($ref), depth + 1);
    const [first] = Array.isArray(anyOf) ? (anyOf as JsonSchema[]) : [];
    return first ? this.#described(first, depth + 1) : '';
  }
}

function mapOf(value: unknown): Readonly<Record<string, JsonSchema>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, JsonSchema>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function typesOf({ type }: JsonSchema): readonly unknown[] {
  return Array.isArray(type) ? type : [type];
}
