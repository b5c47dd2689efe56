// The API's document, made from the schemas that validate.

import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { problem } from '../http/index.js';

export function serveApiDocument(app: INestApplication): void {
  const settings = new DocumentBuilder()
    .setTitle('Instrument dispatch')
    .setDescription('Uploads of instrument data to Mediaflux, their dispatch, and who fetched what.')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .build();
  SwaggerModule.setup('api/docs', app, () => openedAnswers(withProblems(SwaggerModule.createDocument(app, settings))), {
    jsonDocumentUrl: 'api/openapi.json',
  });
}

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

/**
 * Answers may get properties that their readers do not know yet, so that their schemas say of no object that it has no
 * others. What is asked keeps saying so: there they are refused.
 */
function openedAnswers(document: OpenAPIObject): OpenAPIObject {
  const schemas = document.components?.schemas ?? {};
  const opened = new Set<string>();
  const open = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(open);
    if (typeof part !== 'object' || part === null) return part;
    if ('$ref' in part && typeof part.$ref === 'string') openNamed(part.$ref.replace('#/components/schemas/', ''));
    return Object.fromEntries(
      Object.entries(part)
        .filter(([name, value]) => !(name === 'additionalProperties' && value === false))
        .map(([name, value]) => [name, open(value)]),
    );
  };
  const openNamed = (name: string): void => {
    const schema = schemas[name];
    if (!schema || opened.has(name)) return;
    opened.add(name);
    schemas[name] = open(schema) as Schema;
  };
  for (const operation of operationsOf(document))
    operation.responses = open(operation.responses) as typeof operation.responses;
  return document;
}

const operationsOf = ({ paths }: OpenAPIObject) =>
  Object.values(paths)
    .flatMap((item) => [item.get, item.put, item.post, item.delete, item.patch])
    .filter((operation) => operation !== undefined);

/** Each call may be answered with problem details instead. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const { $schema: _, ...schema } = z.toJSONSchema(problem);
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: schema as Schema },
  };
  const refusal = {
    description: 'It was not done, and why (RFC 9457).',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const operation of operationsOf(document)) operation.responses['default'] = refusal;
  return document;
}
