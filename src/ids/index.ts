// Ids of records: UUID version 7, so that an index on them grows at its end. Passed in wherever a rule or a test
// depends on them.

import { Global, Injectable, Module } from '@nestjs/common';
import { v7 } from 'uuid';

@Injectable()
export class Ids {
  next(): string {
    return v7();
  }
}

@Global()
@Module({ providers: [Ids], exports: [Ids] })
export class IdsModule {}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Could `text` be one of our ids? What cannot is "not found", and never reaches a uuid column. */
export const isId = (text: string): boolean => UUID.test(text);
