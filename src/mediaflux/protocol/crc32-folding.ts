// CRC-32 of large parts, two to three times as fast as `zlib.crc32`, which in Node 20 to 24 for x64 is built without the
// processor's instructions for it. Measured in decision 26.
//
// The method is that of Sam Russell, "Chorba: A novel CRC32 implementation" (arXiv:2412.16398): a multiple of the
// polynomial that has few terms lets every block of a message be taken away by adding it to a few later ones, with no
// table and no multiplication, until only the end is left. The multiple used here has terms at whole blocks of 16 bytes,
// so that WebAssembly's vectors take one at a time.

const BLOCK_BYTES = 16;
/** x^(128·300) + x^(128·155) + x^(128·117) + x^(128·89) + 1 is a multiple of CRC-32's polynomial, the shortest of five terms at whole blocks. */
const DEGREE = 300;
const LOWER_TERMS = [155, 117, 89, 0] as const;
/** How far behind a block are those that it is added to, in bytes. */
const DISTANCES = LOWER_TERMS.map((term) => (DEGREE - term) * BLOCK_BYTES);
/** What is left of a message, and what of it still changes blocks to come. */
const WINDOW_BYTES = DEGREE * BLOCK_BYTES;
/** Folded at a time; with the window it stays in a processor's nearest memories. */
const CHUNK_BYTES = 64 * 1024;
const BLOCKS_A_TURN = 4;
const TURN_BYTES = BLOCKS_A_TURN * BLOCK_BYTES;
const PAGE_BYTES = 64 * 1024;

/** Below it the beginning and the end take longer than is gained. */
export const LEAST_FOLDED_BYTES = 32 * 1024;

/** Of the bytes, going on from a value. */
export type Crc32 = (bytes: Uint8Array, value: number) => number;

/** What is used of it; the types of Node do not name it. */
declare const WebAssembly: {
  Module: new (program: Uint8Array) => object;
  Instance: new (module: object) => { exports: FoldingExports };
};

interface FoldingExports {
  memory: { buffer: ArrayBuffer };
  fold: (from: number, to: number) => void;
}

/**
 * @param plain for what is left at the end
 * @returns for parts of at least `LEAST_FOLDED_BYTES`; undefined: this process cannot
 */
export function foldingCrc32(plain: Crc32): Crc32 | undefined {
  const folding = foldingExports();
  if (!folding) return undefined;
  const { memory, fold } = folding;
  const bytes = new Uint8Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);

  /** Of the `length` bytes that lie behind the window. */
  const sumOfEnd = (length: number): number => {
    const end = Math.floor((length - WINDOW_BYTES) / TURN_BYTES) * TURN_BYTES;
    if (end > 0) fold(0, end);
    const left = WINDOW_BYTES + end;
    for (const distance of DISTANCES)
      for (let word = left / 4; word < (left + distance) / 4; word += 1) words[word]! ^= words[word - distance / 4]!;
    // All bits set: it begins with nothing.
    return plain(bytes.subarray(left, WINDOW_BYTES + length), 0xffffffff);
  };

  return (part, value) => {
    bytes.fill(0, 0, WINDOW_BYTES);
    let begin = ~value;
    for (let at = 0; ;) {
      const isEnd = part.length - at <= CHUNK_BYTES + WINDOW_BYTES;
      const length = isEnd ? part.length - at : CHUNK_BYTES;
      bytes.set(part.subarray(at, at + length), WINDOW_BYTES);
      words[WINDOW_BYTES / 4]! ^= begin;
      if (isEnd) return sumOfEnd(length);
      begin = 0;
      at += length;
      fold(0, length);
      bytes.copyWithin(0, length, length + WINDOW_BYTES);
    }
  };
}

/** Undefined: without WebAssembly, its vectors, or memory for it. What is wrong then is nothing that a user could mend. */
function foldingExports(): FoldingExports | undefined {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(foldProgram())).exports;
  } catch {
    return undefined;
  }
}

/**
 * A WebAssembly module with `memory` and `fold(from, to)`, in bytes: to each block of memory behind the window from
 * `from` on it adds those that lie the distances before it. `to - from` is a multiple of a turn, and not nothing.
 */
function foldProgram(): Uint8Array {
  const blocks = Array.from({ length: BLOCKS_A_TURN }, (_, block) => WINDOW_BYTES + block * BLOCK_BYTES);
  const turn = blocks.flatMap((place) => [
    ...FROM,
    ...vectorAt(place),
    ...DISTANCES.flatMap((distance) => [...vectorAt(place - distance), ...XOR]),
    ...storeAt(place),
  ]);
  const next = [...FROM, 0x41, ...signed(TURN_BYTES), 0x6a, 0x22, 0x00];
  // loop … br_if 0 (from < to) end end
  const code = [0x00, 0x03, 0x40, ...turn, ...next, 0x20, 0x01, 0x49, 0x0d, 0x00, 0x0b, 0x0b];
  const pages = Math.ceil((2 * WINDOW_BYTES + CHUNK_BYTES) / PAGE_BYTES);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 2, 0x7f, 0x7f, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0x01, pages, pages]),
    ...section(7, [2, ...name('memory'), 0x02, 0, ...name('fold'), 0x00, 0]),
    ...section(10, [1, ...counted(code)]),
  ]);
}

// The encoding of WebAssembly 1.1: https://webassembly.github.io/spec/core/binary/
/** The parameter `from`; a store wants it before what is stored. */
const FROM = [0x20, 0x00];
const XOR = [0xfd, 0x51];
const ALIGNED = 4;
const vectorAt = (offset: number): number[] => [...FROM, 0xfd, 0x00, ALIGNED, ...unsigned(offset)];
const storeAt = (offset: number): number[] => [0xfd, 0x0b, ALIGNED, ...unsigned(offset)];
const counted = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const section = (id: number, content: readonly number[]): number[] => [id, ...counted(content)];
const name = (text: string): number[] => counted([...Buffer.from(text)]);

/** From 64 to 8,191, in two bytes. */
const signed = (value: number): number[] => [128 | (value & 127), value >>> 7];

/** Seven bits a byte, the lowest first. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [128 | (value & 127), ...unsigned(value >>> 7)];
}
