// Checks bodies and queries by their zod schema and names every field at fault. A field of the wrong shape and an
// unknown field are 422 alike: the JSON was read, its content is not right.

import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { InvalidFields } from './common.errors.js';
import type { FieldFault } from './app-error.js';

@Injectable()
export class SchemaPipe implements PipeTransform {
  async transform(value: unknown, metadata: ArgumentMetadata & { schema?: unknown }): Promise<unknown> {
    const schema = metadata.schema as z.ZodType | undefined;
    if (!schema) return value;
    const result = await schema.safeParseAsync(value ?? {});
    if (result.success) return result.data;
    throw new InvalidFields(fieldFaults(result.error));
  }
}

/** What is wrong, field by field. */
export const fieldFaults = (error: z.ZodError): FieldFault[] => error.issues.flatMap(faultsOf);

function faultsOf(issue: z.core.$ZodIssue): FieldFault[] {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: path === '' ? key : `${path}.${key}`,
      message: 'is not a field that is known here',
    }));
  }
  return [{ path, message: issue.message }];
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );
