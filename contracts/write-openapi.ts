import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiDescription } from '../src/operations/api-description.js';
import { clientTypesOf } from './client-types.js';

/** Writes the OpenAPI document of the code as it is, and a client's types for it, where the committed ones stand. */
const CONTRACTS = join(import.meta.dirname, '../../contracts');
const document = JSON.stringify(await apiDescription(), null, 2);
await writeFile(join(CONTRACTS, 'openapi.json'), `${document}\n`);
await writeFile(join(CONTRACTS, 'openapi.d.ts'), await clientTypesOf(document));
