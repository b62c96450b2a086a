/** Of SHA-256. */
export const HASH_BYTES = 32

/** In constant time: whether the hash, as a text, stands in these bytes; every letter of it is looked at. */
export function isHashOf(text: string, bytes: Uint8Array, at: number): boolean {
  let difference = text.length ^ HASH_BYTES
  for (let place = 0; place < HASH_BYTES; place += 1) {
    difference |= text.charCodeAt(place) ^ (bytes[at + place] ?? 0x100)
  }
  return difference === 0
}
