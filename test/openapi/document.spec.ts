import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject, OperationObject, ParameterObject, SchemaObject } from '@nestjs/swagger';
import { clientTypesOf } from '../../contracts/client-types.js';
import { ACCESS_TABLE } from '../../src/http/access-table.js';
import { problemCatalogue } from '../../src/http/problem.js';
import { apiDescription } from '../../src/operations/api-description.js';

const FILE = 'contracts/openapi.json';
const TYPES = 'contracts/openapi.d.ts';
const RULES = '.spectral.yaml';

describe('the OpenAPI document', () => {
  let document: OpenAPIObject;
  beforeAll(async () => {
    document = await apiDescription();
  });

  it(`is the committed ${FILE}: where it isn't, npm run openapi writes it`, async () => {
    expect(JSON.parse(await readFile(FILE, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it(`is what the client's types in ${TYPES} are made of: where it isn't, npm run openapi writes them`, async () => {
    expect(await readFile(TYPES, 'utf8')).toBe(await clientTypesOf(JSON.stringify(document)));
  });

  it('describes every route that asks for a token, and no other', () => {
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    const served = Object.entries(ACCESS_TABLE).flatMap(([route, who]) => (who === 'anyone' ? [] : [route]));
    expect(described.toSorted()).toEqual(served.toSorted());
  });

  it('gives each operation an id of its own', () => {
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item as object).map(({ operationId }: { operationId: string }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names every problem of the catalogue that a described route can be answered with', () => {
    const named = new Set(JSON.stringify(document.paths).match(/(?<="code":")\w+/g));
    const missing = Object.keys(problemCatalogue).filter((code) => !named.has(code));
    // No route can speak of an address that is not served, or not like this.
    expect(missing.toSorted()).toEqual(['method_not_allowed', 'not_found']);
  });

  it('offers If-Match: * wherever it is taken, and a revision where the whole list is replaced', () => {
    const examples = Object.values(document.paths)
      .flatMap((item) => Object.values(item) as OperationObject[])
      .flatMap(({ operationId, parameters = [] }) =>
        (parameters as ParameterObject[])
          .filter(({ name }) => name === 'If-Match')
          .map(({ schema }) => [operationId, (schema as SchemaObject).example]),
      );
    const { replaceContacts, ...others } = Object.fromEntries(examples) as Record<string, string>;
    expect(replaceContacts).toBe('"7"');
    expect(new Set(Object.values(others))).toEqual(new Set(['*']));
  });

  it(`has no fault by the rules of ${RULES}`, async () => {
    const spectral = ['node_modules/.bin/spectral', 'lint', FILE, '--ruleset', RULES, '--format', 'text'];
    const found = await promisify(execFile)(process.execPath, [...spectral, '--fail-severity', 'hint']).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    expect(found).toEqual({ stdout: expect.stringContaining('No results'), stderr: '' });
  }, 60_000);
});
