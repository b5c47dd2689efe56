import { Global, Module } from '@nestjs/common';
import { PersonsStore } from './persons.store.js';

@Global()
@Module({ providers: [PersonsStore], exports: [PersonsStore] })
export class PersonsModule {}
