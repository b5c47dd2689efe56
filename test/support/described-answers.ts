// Holds what the API answers against what `docs/openapi.json` says of it: each property described, none left out. The
// document leaves room for properties that are added later; here there is none, so that each is described.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

interface Described {
  content?: Record<string, { schema?: object }>;
}

export interface ApiDocument {
  paths: Record<string, Record<string, { responses: Record<string, Described> }>>;
  components: { schemas: Record<string, object> };
}

/** @param root the checkout */
export const readApiDocument = (root: string): ApiDocument =>
  JSON.parse(readFileSync(join(root, 'docs', 'openapi.json'), 'utf8')) as ApiDocument;

/** Objects of which nothing is said about properties that are not described have none. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  // `object`, or `["object", "null"]`.
  return [parts['type']].flat().includes('object') ? { additionalProperties: false, ...parts } : parts;
}

export class DescribedAnswers {
  private readonly operations: {
    method: string;
    address: RegExp;
    parts: number;
    responses: Record<string, Described>;
  }[];
  private readonly schemas = new Map<object, z.ZodType>();

  constructor(private readonly document: ApiDocument) {
    this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { responses }]) => ({
        method: method.toUpperCase(),
        address: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
        parts: (path.match(/\{/g) ?? []).length,
        responses,
      })),
    );
  }

  /**
   * What of an answer is not as it is described; empty where all is, and of addresses that are not described, as pages.
   *
   * @param address with or without its query
   */
  faults(method: string, address: string, answer: { status: number; type: string; body: unknown }): string[] {
    const type = answer.type.replace(/;.*/s, '').trim();
    if (!type.endsWith('json')) return [];
    const [path = ''] = address.split('?');
    const [operation] = this.operations
      .filter((one) => one.method === method && one.address.test(path))
      // `uploads/check` before `uploads/{id}`.
      .toSorted((one, other) => one.parts - other.parts);
    if (!operation) return [];
    const described = operation.responses[String(answer.status)] ?? operation.responses['default'];
    const schema = described?.content?.[type]?.schema;
    if (schema === undefined) return [`${answer.status} with ${type} is not described`];
    const { error } = this.zodOf(schema).safeParse(answer.body);
    return (error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  }

  /** Operations that answer a success with a body of which nothing is said. */
  undescribed(): string[] {
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { responses }]) =>
        Object.entries(responses)
          .filter(([status, { content }]) => /^2/.test(status) && status !== '204' && content === undefined)
          .map(([status]) => `${method.toUpperCase()} ${path} ${status}`),
      ),
    );
  }

  private zodOf(schema: object): z.ZodType {
    const known = this.schemas.get(schema);
    if (known) return known;
    const text = JSON.stringify(closed({ ...schema, $defs: this.document.components.schemas }));
    const made = z.fromJSONSchema(
      JSON.parse(text.replaceAll('"#/components/schemas/', '"#/$defs/')) as Parameters<typeof z.fromJSONSchema>[0],
    );
    this.schemas.set(schema, made);
    return made;
  }
}
