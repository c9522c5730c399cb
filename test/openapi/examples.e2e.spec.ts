import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { EXAMPLE_CONTACT_ID } from '../../src/http/openapi/examples.js';
import { startRestService } from '../fixtures/rest-service.js';

interface Media {
  readonly schema: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': Media } };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

const EXAMPLE_CLIENT = 'brasserie-lefevre';

const document = JSON.parse(await readFile('contracts/openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(
    ([method, operation]) =>
      [operation.operationId, { path, method: method.toUpperCase(), operation }] as const,
  ),
);
const contentsOf = ({ responses }: Operation) =>
  Object.values(responses).flatMap(({ content = {} }) => Object.values(content));
const addContact = operations.find(([id]) => id === 'addContact')![1];

describe('the examples of the OpenAPI document', () => {
  // The document has been checked by its own rules; here it is only what the examples are held against.
  const ajv = formats.default(new Ajv2020({ strict: false, allErrors: true }));
  ajv.addSchema({ ...document, $id: 'api' });
  const faultsIn = (value: unknown, schema: object) => {
    const fits = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')) as object);
    return fits(value) ? [] : fits.errors;
  };

  let rest: Awaited<ReturnType<typeof startRestService>>;
  beforeAll(async () => {
    rest = await startRestService();
  });
  afterAll(() => rest.stop());

  /** Sends an operation's example, about a client and a contact who are there; a read waits until they can be read. */
  const play = (
    { path, method, operation }: typeof addContact,
    clientId: string,
    contactId: string,
    etag?: string,
  ) => {
    const placed = (text: string) =>
      text.replaceAll(EXAMPLE_CLIENT, clientId).replaceAll(EXAMPLE_CONTACT_ID, contactId);
    const body = operation.requestBody?.content['application/json'].example;
    const place = path
      .replace('/v1/workspaces/{workspaceId}/', '')
      .replace('{clientId}', clientId)
      .replace('{contactId}', contactId);
    const waits = etag && operation.parameters.some(({ name }) => name === 'minRevision');
    return rest.call(method, waits ? `${place}?minRevision=${etag.replaceAll('"', '')}` : place, {
      ...(body !== undefined && { body: JSON.parse(placed(JSON.stringify(body))) as unknown }),
      headers: method === 'GET' ? {} : { 'idempotency-key': randomUUID(), ...(etag && { 'if-match': etag }) },
    });
  };

  it.each(operations)('of %s: sent as it is, it is answered as the document says', async (id, played) => {
    const clientId = `c-${randomUUID()}`;
    const added = id === 'addContact' ? undefined : await play(addContact, clientId, 'nobody');
    const { contactId = 'nobody' } = (added?.body ?? {}) as { contactId?: string };
    const answer = await play(played, clientId, contactId, added?.headers.get('etag') ?? undefined);
    expect(answer).toMatchObject({ status: id === 'addContact' ? 201 : 200 });
    const { schema } = played.operation.responses[answer.status]!.content!['application/json']!;
    expect(faultsIn(answer.body, schema)).toEqual([]);
  });

  it.each(operations)('of what %s answers fit their schemas', (_, { operation }) => {
    for (const { schema, example, examples } of contentsOf(operation)) {
      const shown = examples ? Object.values(examples).map(({ value }) => value) : [example];
      expect(shown.length).toBeGreaterThan(0);
      for (const one of shown) expect({ one, faults: faultsIn(one, schema) }).toEqual({ one, faults: [] });
    }
  });
});
