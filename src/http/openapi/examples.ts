import type { ReferenceObject, SchemaObject } from '@nestjs/swagger';

/** The contact whom examples speak of. */
export const EXAMPLE_CONTACT_ID = 'f6c46d6e-6b1d-8c1c-9f58-7f6b6a4f1c0e';

type Schema = SchemaObject | ReferenceObject;

/** A value of this schema: its own example, else one put together from its properties and items. */
export function exampleOf(schema: Schema, schemas: Readonly<Record<string, Schema>>): unknown {
  if ('$ref' in schema) return exampleOf(schemas[schema.$ref.split('/').at(-1)!]!, schemas);
  if (schema.example !== undefined) return schema.example as unknown;
  if (schema.default !== undefined) return schema.default as unknown;
  if (schema.enum) return schema.enum[0] as unknown;
  const [first] = schema.allOf ?? schema.oneOf ?? schema.anyOf ?? [];
  if (first) return exampleOf(first, schemas);
  if (schema.properties) {
    const fields = Object.entries(schema.properties)
      .map(([name, property]) => [name, exampleOf(property, schemas)] as const)
      .filter(([, value]) => value !== undefined);
    return Object.fromEntries(fields);
  }
  if (schema.type === 'array' && schema.items) return [exampleOf(schema.items, schemas)];
  if ([schema.type].flat().some((type) => (type as string) === 'null')) return null;
  return undefined;
}
