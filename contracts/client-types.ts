import openapiTypescript, { astToString } from 'openapi-typescript';

/** The types of a client, in TypeScript, for an OpenAPI document as text. */
export async function clientTypesOf(document: string): Promise<string> {
  // What has a default may be left out by whoever asks.
  return astToString(await openapiTypescript(document, { defaultNonNullable: false }));
}
