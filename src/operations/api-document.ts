// The API's document, made from the schemas that validate.

import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

export function serveApiDocument(app: INestApplication): void {
  const settings = new DocumentBuilder()
    .setTitle('Instrument dispatch')
    .setDescription('Uploads of instrument data to Mediaflux, their dispatch, and who fetched what.')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .build();
  SwaggerModule.setup('api/docs', app, () => SwaggerModule.createDocument(app, settings), {
    jsonDocumentUrl: 'api/openapi.json',
  });
}
