/** The moment until which an answer is waited for, on the clock that nobody can put back. */
export class Deadline {
  readonly #atMs: number

  /** `Infinity`: there is none. */
  constructor(limitMs: number) {
    this.#atMs = performance.now() + limitMs
  }

  get leftMs(): number {
    return Math.max(0, this.#atMs - performance.now())
  }

  /** As long as that, but not beyond this moment. */
  cap(limitMs: number): number {
    return Math.min(limitMs, this.leftMs)
  }
}
