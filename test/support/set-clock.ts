// A clock that a test sets.

import { Clock } from '../../src/time/index.js';

export class SetClock extends Clock {
  constructor(public at: Date) {
    super();
  }
  override now(): Date {
    return this.at;
  }
}
