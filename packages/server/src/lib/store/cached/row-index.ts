/** Which row has a selector: open addressing, a quarter to a half full, four bytes a place. */
export class RowIndex {
  readonly #places: Uint32Array
  readonly #mask: number
  readonly #selectorOf: (row: number) => number

  constructor(maxRows: number, selectorOf: (row: number) => number) {
    const size = 2 ** Math.ceil(Math.log2(maxRows * 2 + 2))
    this.#places = new Uint32Array(size)
    this.#mask = size - 1
    this.#selectorOf = selectorOf
  }

  /** 0: none. */
  find(selector: number): number {
    return this.#places[this.#placeOf(selector)] ?? 0
  }

  /** A selector that has no row yet. */
  add(selector: number, row: number): void {
    this.#places[this.#placeOf(selector)] = row
  }

  /** Those behind it move up, so that no search ends before its aim. */
  remove(selector: number): void {
    let gap = this.#placeOf(selector)
    if (this.#places[gap] === 0) return
    let place = gap
    for (;;) {
      place = (place + 1) & this.#mask
      const row = this.#places[place] ?? 0
      if (row === 0) break
      const home = hashOf(this.#selectorOf(row)) & this.#mask
      const isFarther = ((place - home) & this.#mask) >= ((place - gap) & this.#mask)
      if (!isFarther) continue
      this.#places[gap] = row
      gap = place
    }
    this.#places[gap] = 0
  }

  clear(): void {
    this.#places.fill(0)
  }

  /** Of the selector, or the empty one where it would go. */
  #placeOf(selector: number): number {
    let place = hashOf(selector) & this.#mask
    for (;;) {
      const row = this.#places[place] ?? 0
      if (row === 0 || this.#selectorOf(row) === selector) return place
      place = (place + 1) & this.#mask
    }
  }
}

/** Selectors are times with a little chance: without mixing they would stand side by side. */
function hashOf(selector: number): number {
  const low = selector >>> 0
  const high = Math.floor(selector / 2 ** 32)
  let hash = Math.imul(low ^ Math.imul(high, 0x9e37_79b1), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2_ae35)
  return (hash ^ (hash >>> 13)) >>> 0
}
