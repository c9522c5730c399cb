import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';

/** As much of JSON Schema as the requests use. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

const ODD = fc.constantFrom<unknown>(
  null,
  '',
  ' ',
  0,
  -1,
  1.5,
  1e21,
  true,
  false,
  'true',
  [],
  {},
  [null],
  '\u0000',
);

/** Values at, and on both sides of, each bound that the schema sets; now and then something else altogether. */
export function nearlyFitting(schema: Schema, document: OpenAPIObject): fc.Arbitrary<unknown> {
  const { $ref, allOf } = schema;
  if ($ref) return nearlyFitting(document.components!.schemas![$ref.split('/').at(-1)!] as Schema, document);
  if (allOf) return nearlyFitting(allOf[0]!, document);
  if (schema.enum) return mostly(fc.constantFrom(...schema.enum, 'another'));
  const types = [schema.type ?? []].flat();
  return mostly(fc.oneof(...types.map((type) => ofType(type, schema, document))));
}

const mostly = (values: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 9, arbitrary: values }, { weight: 1, arbitrary: ODD });

function ofType(type: string, schema: Schema, document: OpenAPIObject): fc.Arbitrary<unknown> {
  if (type === 'string') return texts(schema);
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' || type === 'number') return numbers(schema);
  if (type === 'array') return lists(schema, document);
  if (type === 'object') return objects(schema, document);
  return fc.constant(null);
}

/** Lengths are counted in characters, of which some take two places. */
function texts({ pattern, format, minLength = 0, maxLength = 20 }: Schema): fc.Arbitrary<unknown> {
  if (pattern) return fc.oneof(fc.stringMatching(new RegExp(pattern)), fc.string({ maxLength: 80 }));
  if (format === 'date-time') return fc.oneof(moments, fc.string());
  const lengths = [minLength - 1, minLength, maxLength, maxLength + 1].filter((length) => length >= 0);
  const full = fc
    .constantFrom('x', '😀', '❤\uFE0F')
    .chain((character) => fc.constantFrom(...lengths.map((length) => character.repeat(length))));
  return fc.oneof(full, fc.string({ unit: 'binary', maxLength: Math.min(maxLength, 30) }));
}

const moments = fc.constantFrom(
  '2026-11-24T10:00:00Z',
  '2026-11-24T10:00:00.123+02:00',
  '2026-11-24T10:00:00',
  '2026-11-24',
  '2026-02-30T10:00:00Z',
  '2026-11-24T24:00:00Z',
  '24 November 2026',
);

function numbers({ minimum = -1000, maximum = 1000 }: Schema): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constantFrom(minimum - 1, minimum, minimum + 0.5, maximum, maximum + 1),
    fc.integer({ min: minimum, max: maximum }),
  );
}

function lists(
  { items = {}, minItems = 0, maxItems = 5 }: Schema,
  document: OpenAPIObject,
): fc.Arbitrary<unknown> {
  const item = nearlyFitting(items, document);
  return fc.oneof(
    { weight: 5, arbitrary: fc.array(item, { maxLength: 4 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(item, fc.constantFrom(Math.max(0, minItems - 1), minItems, maxItems, maxItems + 1))
        .map(([one, length]) => Array.from({ length }, () => one)),
    },
  );
}

/** Most fields fit well, so that one that doesn't decides. */
function objects({ properties = {} }: Schema, document: OpenAPIObject): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      name,
      fc.oneof(
        { weight: 4, arbitrary: fitting(property, document) },
        { weight: 1, arbitrary: nearlyFitting(property, document) },
      ),
    ]),
  );
  const whole = fc.record(fields);
  const unknown = fc.tuple(whole, fc.constantFrom('toString', 'nonsense', 'Email')).map(([body, name]) => {
    return { ...body, [name]: 'x' };
  });
  return fc.oneof(
    { weight: 3, arbitrary: fc.record(fields, { requiredKeys: [] }) },
    { weight: 8, arbitrary: whole },
    { weight: 1, arbitrary: unknown },
  );
}

/** Values that are well within what the schema allows. */
function fitting(schema: Schema, document: OpenAPIObject): fc.Arbitrary<unknown> {
  const { $ref, allOf, enum: values, pattern, format, items = {}, properties = {} } = schema;
  if ($ref) return fitting(document.components!.schemas![$ref.split('/').at(-1)!] as Schema, document);
  if (allOf) return fitting(allOf[0]!, document);
  if (values) return fc.constantFrom(...values);
  const [type] = [schema.type ?? []].flat();
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer') return fc.constant(schema.minimum ?? 1);
  if (type === 'array')
    return fc.array(fitting(items, document), { minLength: schema.minItems ?? 0, maxLength: 3 });
  if (type === 'object')
    return fc.record(
      Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, fitting(field, document)])),
    );
  if (pattern) return fc.stringMatching(new RegExp(pattern));
  return fc.constant(format === 'date-time' ? '2026-11-24T10:00:00Z' : 'x'.repeat(schema.minLength ?? 3));
}
