/** Where random bytes come from. */
export interface ByteSource {
  bytes(length: number): Uint8Array
}

/** Bytes that one call of `crypto.getRandomValues` gives at most. */
const AT_ONCE_BYTES = 65_536

/** The platform's own, in Node as in a browser. */
export const platformBytes: ByteSource = {
  bytes(length) {
    const bytes = new Uint8Array(length)
    for (let start = 0; start < length; start += AT_ONCE_BYTES) {
      crypto.getRandomValues(bytes.subarray(start, start + AT_ONCE_BYTES))
    }
    return bytes
  },
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
