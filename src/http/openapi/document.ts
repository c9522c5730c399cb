import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type {
  ContentObject,
  OpenAPIObject,
  OperationObject,
  ParameterObject,
  PathItemObject,
  ReferenceObject,
  ResponseObject,
  SchemaObject,
} from '@nestjs/swagger';
import { ID_PATTERN } from '../../event-log/contact-book-stream.js';
import type { ProblemCode } from '../problem.js';
import { DESCRIPTION, TAGS } from './description.js';
import { EXAMPLE_CONTACT_ID, exampleOf } from './examples.js';
import { commandHeaders, CORRELATED, CORRELATION_ID, ENTITY_TAG, IDEMPOTENT_REPLAYED } from './headers.js';
import { REFUSALS } from './may-refuse.js';
import { problemResponses, problemSchema, problemsOf } from './problem-responses.js';

const SECURITY_SCHEME = 'bearer';

/** What a path may name. One that isn't listed here has no description, and is refused. */
const PATH_PARAMETERS: Readonly<Record<string, { description: string; example: string }>> = {
  workspaceId: { description: 'The organisation that sends invoices', example: 'studio-nord' },
  clientId: { description: 'Who is billed; the id is another service’s', example: 'brasserie-lefevre' },
  contactId: {
    description: 'A person at this client',
    example: EXAMPLE_CONTACT_ID,
  },
};

type DeclaredOperation = OperationObject & { readonly [REFUSALS]?: readonly ProblemCode[] };
type Schemas = Readonly<Record<string, SchemaObject | ReferenceObject>>;

/**
 * The OpenAPI document of what the application serves, from the decorators of its controllers and of the classes that
 * they take and answer with. Raises an Error for a path parameter that nobody described.
 */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Client contacts')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, SECURITY_SCHEME)
    .addSecurityRequirements(SECURITY_SCHEME);
  for (const [name, description] of TAGS) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (_, method) => method,
  });
  const schemas = { ...document.components?.schemas, Problem: problemSchema };
  const paths = Object.entries(document.paths).map(([path, item]) => [
    path,
    completedPath(path, item, schemas),
  ]);
  refuseUnknownFields(document.paths, schemas);
  return {
    ...document,
    paths: Object.fromEntries(paths) as OpenAPIObject['paths'],
    components: { ...document.components, schemas },
  };
}

function completedPath(path: string, item: PathItemObject, schemas: Schemas): PathItemObject {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => pathParameter(name!));
  const isOfClient = named.some(({ name }) => name === 'clientId');
  return Object.fromEntries(
    Object.entries(item).map(([method, operation]) => [
      method,
      completed(
        operation as DeclaredOperation,
        { path: named, isOfClient, isCommand: isOfClient && method !== 'get' },
        schemas,
      ),
    ]),
  );
}

function pathParameter(name: string): ParameterObject {
  const known = PATH_PARAMETERS[name];
  if (!known) throw new Error(`the path parameter ${name} is not described`);
  const { description, example } = known;
  return {
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string', pattern: ID_PATTERN.source, example },
  };
}

interface Kind {
  readonly path: readonly ParameterObject[];
  readonly isOfClient: boolean;
  /** Whether it changes a contact book. */
  readonly isCommand: boolean;
}

function completed(
  { [REFUSALS]: own = [], ...operation }: DeclaredOperation,
  { path, isOfClient, isCommand }: Kind,
  schemas: Schemas,
): OperationObject {
  const declared = (operation.parameters ?? []).filter((each) => !('in' in each) || each.in !== 'path');
  const ofCommand = isCommand ? commandHeaders(own.includes('precondition_required')) : [];
  const whole = { ...operation, parameters: [...path, ...declared, ...ofCommand, CORRELATION_ID] };
  const answered = {
    ...CORRELATED,
    ...(isOfClient && ENTITY_TAG),
    ...(isCommand && IDEMPOTENT_REPLAYED),
  };
  if (whole.requestBody && 'content' in whole.requestBody) giveExamples(whole.requestBody.content, schemas);
  const succeeding = Object.entries(operation.responses).map(([status, response]) => {
    const { content = {}, ...more } = response as ResponseObject;
    giveExamples(content, schemas);
    return [status, { ...more, description: more.description || 'Done', headers: answered, content }];
  });
  return {
    ...whole,
    responses: {
      ...Object.fromEntries(succeeding),
      ...problemResponses(problemsOf(whole, isCommand, own)),
    },
  };
}

/** Puts examples together from those of the properties, where none is given. */
function giveExamples(content: ContentObject, schemas: Schemas): void {
  for (const media of Object.values(content)) {
    if (media.schema && !media.examples) media.example ??= exampleOf(media.schema, schemas);
  }
}

/** A body with a field that its class doesn't know is refused; its schema must say so, down to the rows of a list. */
function refuseUnknownFields(paths: OpenAPIObject['paths'], schemas: Schemas): void {
  const bodies = Object.values(paths)
    .flatMap((item) => Object.values(item) as OperationObject[])
    .flatMap(({ requestBody }) => (requestBody && 'content' in requestBody ? [requestBody.content] : []));
  const close = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('$ref' in node) {
      const schema = schemas[String(node.$ref).split('/').at(-1)!] as SchemaObject;
      if (schema.additionalProperties === undefined) {
        schema.additionalProperties = false;
        close(schema);
      }
    } else Object.values(node).forEach(close);
  };
  bodies.forEach(close);
}
