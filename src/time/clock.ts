// The one place that reads the computer's clock. Rules get the moment as an argument.

import { Global, Injectable, Module } from '@nestjs/common';

@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}

@Global()
@Module({ providers: [Clock], exports: [Clock] })
export class TimeModule {}
