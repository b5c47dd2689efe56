// Parts of pages in which little differs from one showing to the next: rendered once, and from then on put together with
// what differs. docs/decisions/0018-pages-in-one-statement.md

import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { Words } from '../language/index.js';

/** Markup as browsers get it. Only what was rendered is made one. */
export class Html {
  constructor(readonly text: string) {}

  static of(part: VNode | null): Html {
    return part === null ? NOTHING : new Html(renderToString(part));
  }

  static join(parts: readonly Html[]): Html {
    return new Html(parts.map(({ text }) => text).join(''));
  }
}

export const NOTHING = new Html('');

/** What the markup depends on. Nothing that differs between deliveries: each combination is kept for good. */
type Kind<K> = Readonly<Record<keyof K, Words | string | boolean | undefined>>;

export class Template<K extends Kind<K>, Slot extends string> {
  /** By kind: markup and names of slots in turn. */
  private readonly rendered = new Map<string, readonly string[]>();
  private readonly marks: Readonly<Record<Slot, string>>;

  /** @param render with a mark for each slot, which stands in a text or an attribute unchanged */
  constructor(
    private readonly slots: readonly Slot[],
    private readonly render: (kind: K, slot: Readonly<Record<Slot, string>>) => VNode,
  ) {
    this.marks = Object.fromEntries(slots.map((slot, index) => [slot, `\uE000${index}\uE001`])) as Record<Slot, string>;
  }

  /** Texts are escaped. */
  fill(kind: K, values: Readonly<Record<Slot, string | Html>>): Html {
    const pieces = this.piecesOf(kind);
    let text = pieces[0] ?? '';
    for (let index = 1; index < pieces.length; index += 2) {
      const value = values[pieces[index] as Slot];
      text += (typeof value === 'string' ? escaped(value) : value.text) + (pieces[index + 1] ?? '');
    }
    return new Html(text);
  }

  private piecesOf(kind: K): readonly string[] {
    let key = '';
    for (const name in kind) {
      const value: unknown = kind[name];
      key += `${value instanceof Words ? value.language : String(value)} `;
    }
    let pieces = this.rendered.get(key);
    if (!pieces) {
      pieces = renderToString(this.render(kind, this.marks))
        .split(/\uE000(\d+)\uE001/u)
        .map((piece, index) => (index % 2 === 0 ? piece : (this.slots[Number(piece)] ?? '')));
      this.rendered.set(key, pieces);
    }
    return pieces;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };

/** As Preact writes texts and attributes. */
const escaped = (text: string): string =>
  /["&<]/.test(text) ? text.replace(/["&<]/g, (character) => ESCAPES[character] ?? '') : text;
