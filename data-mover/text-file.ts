// Small files that people write: as UTF-8, or as the UTF-16 that Notepad and PowerShell make of them, with or without the
// mark at their beginning that says which.

import { readFileSync } from 'node:fs';

export class NotText extends Error {}

/** @throws NotText; Error what the disk said */
export function readText(file: string): string {
  const bytes = readFileSync(file);
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch (error) {
    throw new NotText(`${file} is no text`, { cause: error });
  }
}

function encodingOf([first, second]: Buffer): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
