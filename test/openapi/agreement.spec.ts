import { beforeAll, describe, expect, it } from '@jest/globals';
import { RequestMethod, type Type } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { RequestValidation } from '../../src/http/request-validation.js';
import { apiDescription } from '../../src/operations/api-description.js';
import { type ServiceDependencies, ServiceModule } from '../../src/operations/service.module.js';
import { nearlyFitting, type Schema } from './nearly-fitting.js';

const RUNS = 300;
/** As Nest numbers what a handler's parameters are taken from. */
const FROM = { body: 3, query: 4 } as const;

interface TakenFrom {
  readonly operationId: string;
  readonly type: keyof typeof FROM;
  readonly metatype: Type;
}

/** The classes that the routes check their bodies and queries by. */
function checkedClasses(): TakenFrom[] {
  const { controllers = [] } = ServiceModule.withApi({} as ServiceDependencies);
  return controllers.flatMap((controller: Type) =>
    Object.getOwnPropertyNames(controller.prototype).flatMap((operationId) => {
      const handler = (controller.prototype as Record<string, object>)[operationId]!;
      if (!(Reflect.getMetadata('method', handler) in RequestMethod)) return [];
      const classes = Reflect.getMetadata('design:paramtypes', controller.prototype, operationId) as Type[];
      const taken = Reflect.getMetadata('__routeArguments__', controller, operationId) as object;
      return Object.entries(taken ?? {}).flatMap(([key, { index }]: [string, { index: number }]) => {
        const type = (['body', 'query'] as const).find((from) => key.startsWith(`${FROM[from]}:`));
        return type ? [{ operationId, type, metatype: classes[index]! }] : [];
      });
    }),
  );
}

const classes = checkedClasses();
const nameOf = ({ operationId, type }: TakenFrom) => `the ${type} of ${operationId}`;
const taken = (type: TakenFrom['type']) =>
  classes.filter((one) => one.type === type).map((one) => [nameOf(one), one] as const);

describe("the OpenAPI document and the classes' own rules", () => {
  const ajv = formats.default(new Ajv2020({ strict: false }));
  const validation = new RequestValidation();
  let document: OpenAPIObject;
  beforeAll(async () => {
    document = JSON.parse(JSON.stringify(await apiDescription())) as OpenAPIObject;
    ajv.addSchema({ ...document, $id: 'api' });
  });

  const operationOf = (operationId: string) =>
    Object.values(document.paths)
      .flatMap((item) => Object.values(item as Record<string, { operationId: string }>))
      .find((operation) => operation.operationId === operationId) as unknown as {
      parameters: { name: string; in: string; schema: Schema }[];
      requestBody: { content: { 'application/json': { schema: { $ref: string } } } };
    };
  const isTaken = (value: unknown, { type, metatype }: TakenFrom) =>
    validation.transform(value, { type, metatype }).then(
      () => true,
      () => false,
    );

  it('are compared for each body and each query that a route takes', () => {
    expect(taken('body').length).toBeGreaterThan(4);
    expect(taken('query').length).toBeGreaterThan(4);
  });

  it.each(taken('body'))('agree on %s', async (_, one) => {
    const { $ref } = operationOf(one.operationId).requestBody.content['application/json'].schema;
    const fits = ajv.getSchema(`api${$ref}`)!;
    await fc.assert(
      fc.asyncProperty(nearlyFitting({ $ref }, document), async (body) => {
        expect({ body, isTaken: await isTaken(body, one) }).toEqual({ body, isTaken: fits(body) });
      }),
      { numRuns: RUNS },
    );
  });

  it.each(taken('query'))('agree on %s', async (_, one) => {
    const parameters = operationOf(one.operationId).parameters.filter(
      (parameter) => parameter.in === 'query',
    );
    expect(parameters.length).toBeGreaterThan(0);
    for (const { name, schema } of parameters) {
      const fits = ajv.compile(schema);
      await fc.assert(
        fc.asyncProperty(nearlyFitting(schema, document), async (value) => {
          const text = String(value);
          const query = { [name]: text };
          const isDocumented = fits(parsed(text, schema));
          expect({ query, isTaken: await isTaken(query, one) }).toEqual({ query, isTaken: isDocumented });
        }),
        { numRuns: RUNS },
      );
    }
  });
});

/** A parameter's text as what its schema is about. */
function parsed(text: string, { type }: Schema): unknown {
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
