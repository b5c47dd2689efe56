// What the small file `recipients.txt` in a dataset says: an address a line, and lines with a word of this program and a
// colon.

export interface Instructions {
  recipients: string[];
  keywords: string[];
  name?: string;
  note?: string;
}

const ADDRESS = /^[^\s@]+@[^\s@]+$/;
const LINE = /^(name|keyword|note)\s*:\s*(.+)$/i;

/** @returns what it says, or the line that says nothing known */
export function readInstructions(text: string): Instructions | { problem: string } {
  const said: Instructions = { recipients: [], keywords: [] };
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, word, value = ''] = LINE.exec(line) ?? [];
    if (word === undefined && ADDRESS.test(line)) said.recipients.push(line);
    else if (word?.toLowerCase() === 'name') said.name = value;
    else if (word?.toLowerCase() === 'note') said.note = value;
    else if (word?.toLowerCase() === 'keyword') said.keywords.push(value);
    else return { problem: `line ${index + 1} is neither an address nor "name: …", "keyword: …" or "note: …"` };
  }
  return said;
}
