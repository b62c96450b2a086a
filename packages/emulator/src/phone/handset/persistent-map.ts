/** A map that is still there after the frame was closed: one entry of localStorage. */
export class PersistentMap extends Map<string, string> {
  readonly #name: string

  /** What cannot be read is as good as nothing, as on a phone whose storage broke. */
  constructor(name: string) {
    super()
    this.#name = name
    for (const [key, value] of readEntries(name)) super.set(key, value)
  }

  /** @throws {DOMException} where the browser gives no more room; then nothing has changed */
  override set(key: string, value: string): this {
    const old = this.get(key)
    super.set(key, value)
    try {
      this.#save()
    } catch (error) {
      if (old === undefined) super.delete(key)
      else super.set(key, old)
      throw error
    }
    return this
  }

  override delete(key: string): boolean {
    const wasThere = super.delete(key)
    if (wasThere) this.#save()
    return wasThere
  }

  override clear(): void {
    super.clear()
    localStorage.removeItem(this.#name)
  }

  #save(): void {
    localStorage.setItem(this.#name, JSON.stringify([...this]))
  }
}

function readEntries(name: string): [string, string][] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name) ?? '[]')
    return Array.isArray(kept) ? kept.map(([key, value]) => [String(key), String(value)]) : []
  } catch {
    return []
  }
}
