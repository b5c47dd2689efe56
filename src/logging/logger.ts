// Logs of the whole program: pino behind Nest's logger. What may hold a secret or an address is taken out here too,
// though nothing should bring it this far.

import type { LoggerService } from '@nestjs/common';
import { type Logger as Pino, pino } from 'pino';
import { redact } from './redaction.rules.js';

type Level = 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal';

export class ProgramLogger implements LoggerService {
  private readonly pino: Pino;

  constructor(settings: { logLevel: string; logFormat: 'json' | 'pretty' }) {
    const options = {
      level: settings.logLevel,
      base: null,
      formatters: { level: (label: string) => ({ level: label }), log: cleanFacts },
      serializers: { err: errorFacts },
    };
    this.pino =
      settings.logFormat === 'json'
        ? pino(options, process.stdout)
        : pino(options, { write: (line) => process.stdout.write(pretty(line)) });
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest gives the context last: `logger.warn(facts, sentence)` arrives as (facts, sentence, context). */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    const texts = rest.filter((part): part is string => typeof part === 'string');
    const context = texts.at(-1);
    if (NEST_INTERNALS.has(context ?? '')) level = 'debug';
    if (typeof message === 'object' && message !== null && !(message instanceof Error)) {
      this.pino[level]({ context, ...message }, redact(texts.length > 1 ? (texts[0] ?? '') : ''));
    } else if (message instanceof Error) this.pino[level]({ context, err: message }, redact(message.message));
    else this.pino[level]({ context }, redact(String(message)));
  }
}

/** What the framework tells of its own start; whoever starts the program is told why it fails by `main`. */
const NEST_INTERNALS = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'ExceptionHandler',
]);

const cleanFacts = (facts: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
  );

/** Kind, sentence and place of an error and of what caused it. */
function errorFacts(error: unknown): unknown {
  if (!(error instanceof Error)) return redact(String(error));
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    message: redact(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    stack: redact(error.stack?.split('\n').slice(1, 8).join('\n') ?? ''),
    ...(error.cause === undefined ? {} : { cause: errorFacts(error.cause) }),
  };
}

function pretty(line: string): string {
  const { level, time, context, msg, ...facts } = JSON.parse(line) as Record<string, string | number | undefined>;
  const extra = Object.keys(facts).length > 0 ? ` ${JSON.stringify(facts)}` : '';
  const where = context === undefined ? '' : `[${context}] `;
  return `${new Date(Number(time)).toISOString().slice(11, 23)} ${String(level).padEnd(5)} ${where}${msg ?? ''}${extra}\n`;
}
