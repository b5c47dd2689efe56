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
  SwaggerModule.setup('api/docs', app, () => withProblems(SwaggerModule.createDocument(app, settings)), {
    jsonDocumentUrl: 'api/openapi.json',
  });
}

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

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
  for (const item of Object.values(document.paths))
    for (const operation of [item.get, item.put, item.post, item.delete, item.patch])
      if (operation) operation.responses['default'] = refusal;
  return document;
}
