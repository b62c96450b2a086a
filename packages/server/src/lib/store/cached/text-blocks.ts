/** A text that needs no block. */
export const NO_TEXT = 0

const BLOCK_BYTES = 24
const LINK_BYTES = 4
const ROOM_BYTES = BLOCK_BYTES - LINK_BYTES
const BLOCKS_A_CHUNK = 16_384
/** A longer text is not worth its room. */
const MAX_BYTES = 4_096

/**
 * Texts outside of the collected memory: in blocks of one size, chained, so that what is freed fits what comes next.
 * Block 0 is never given out.
 */
export interface TextBlocks {
  /** Where it stands; null: it is too long, or the room is used up. */
  add(text: string): number | null
  read(first: number): string
  free(first: number): void
  clear(): void
}

/** @param maxBlocks at most so many; room is taken from the system as it is needed */
export function createTextBlocks(maxBlocks: number): TextBlocks {
  return new Blocks(maxBlocks)
}

class Blocks implements TextBlocks {
  readonly #maxBlocks: number
  readonly #scratch = Buffer.allocUnsafeSlow(MAX_BYTES)
  #chunks: Buffer[] = []
  /** The newest of the freed ones, chained; 0: none. */
  #free = 0
  #used = 1
  #spare = 0

  constructor(maxBlocks: number) {
    this.#maxBlocks = maxBlocks
  }

  add(text: string): number | null {
    if (text.length > MAX_BYTES || Buffer.byteLength(text) >= MAX_BYTES) return null
    const length = this.#scratch.write(text, 'utf8')
    // The text's own end: no text of ours holds this byte.
    this.#scratch[length] = END
    const count = Math.ceil((length + 1) / ROOM_BYTES)
    if (this.#used + count > this.#maxBlocks + 1 + this.#spare) return null
    let next = NO_TEXT
    for (let place = count - 1; place >= 0; place -= 1) {
      const block = this.#take()
      this.#fill(block, next, place * ROOM_BYTES, length + 1)
      next = block
    }
    return next
  }

  read(first: number): string {
    let length = 0
    for (let block = first; block !== 0; ) {
      const chunk = this.#chunkOf(block)
      const at = offsetOf(block)
      chunk.copy(this.#scratch, length, at + LINK_BYTES, at + BLOCK_BYTES)
      length += ROOM_BYTES
      block = chunk.readUInt32LE(at)
    }
    return this.#scratch.toString('utf8', 0, this.#scratch.indexOf(END))
  }

  free(first: number): void {
    for (let block = first; block !== 0; ) {
      const chunk = this.#chunkOf(block)
      const at = offsetOf(block)
      const next = chunk.readUInt32LE(at)
      chunk.fill(0, at, at + BLOCK_BYTES)
      chunk.writeUInt32LE(this.#free, at)
      this.#free = block
      this.#spare += 1
      block = next
    }
  }

  clear(): void {
    this.#chunks = []
    this.#free = 0
    this.#used = 1
    this.#spare = 0
  }

  #take(): number {
    if (this.#free !== 0) {
      const block = this.#free
      this.#free = this.#chunkOf(block).readUInt32LE(offsetOf(block))
      this.#spare -= 1
      return block
    }
    const block = this.#used
    this.#used += 1
    if (Math.floor(block / BLOCKS_A_CHUNK) === this.#chunks.length) {
      this.#chunks.push(Buffer.alloc(BLOCKS_A_CHUNK * BLOCK_BYTES))
    }
    return block
  }

  #fill(block: number, next: number, from: number, end: number): void {
    const chunk = this.#chunkOf(block)
    const at = offsetOf(block)
    chunk.writeUInt32LE(next, at)
    this.#scratch.copy(chunk, at + LINK_BYTES, from, Math.min(from + ROOM_BYTES, end))
  }

  #chunkOf(block: number): Buffer {
    const chunk = this.#chunks[Math.floor(block / BLOCKS_A_CHUNK)]
    if (chunk === undefined) throw new RangeError('There is no such block')
    return chunk
  }
}

/** UTF-8 has no such byte. */
const END = 0xff

function offsetOf(block: number): number {
  return (block % BLOCKS_A_CHUNK) * BLOCK_BYTES
}
