import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiDescription } from '../src/operations/api-description.js';

/** Writes the OpenAPI document of the code as it is, where the committed one stands. */
const FILE = join(import.meta.dirname, '../../contracts/openapi.json');
await writeFile(FILE, `${JSON.stringify(await apiDescription(), null, 2)}\n`);
