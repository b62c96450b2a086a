import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

/** Of a body: what is kept, and what is known of the rest. */
export interface KeptBody {
  /** Its beginning, as it travelled. */
  bytes: Buffer
  sizeBytes: number
  /** Content-Type and Content-Encoding, empty where there was none. */
  type: string
  encoding: string
}

export interface BodyKeeper {
  add(chunk: Uint8Array): void
  kept(type: string | undefined, encoding: string | undefined): KeptBody
}

/** What of a body can be read later. */
export const KEPT_BYTES = 65_536

/** Kept beyond that, so that a secret which the cut goes through is still known as one. */
const MARGIN_BYTES = 2048

/** What comes out of a small archive may be large. */
const UNPACKED_LIMIT_BYTES = 16_777_216

export function createBodyKeeper(): BodyKeeper {
  const chunks: Uint8Array[] = []
  let [keptBytes, sizeBytes] = [0, 0]
  return {
    add(chunk) {
      sizeBytes += chunk.byteLength
      const part = chunk.subarray(0, KEPT_BYTES + MARGIN_BYTES - keptBytes)
      if (part.byteLength === 0) return
      keptBytes += part.byteLength
      chunks.push(part)
    },
    kept: (type = '', encoding = '') => ({ bytes: Buffer.concat(chunks), sizeBytes, type, encoding }),
  }
}

/** Bytes that nobody changes any more. */
export function keepBytes(bytes: Buffer, type = ''): KeptBody {
  return { bytes: bytes.subarray(0, KEPT_BYTES + MARGIN_BYTES), sizeBytes: bytes.length, type, encoding: '' }
}

export function keepText(text: string, type: string): KeptBody {
  return keepBytes(Buffer.from(text), type)
}

type Unpack = (bytes: Buffer) => Buffer

const PARTIAL = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: UNPACKED_LIMIT_BYTES }
const PARTIAL_BROTLI = {
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
  maxOutputLength: UNPACKED_LIMIT_BYTES,
}

function inflate(bytes: Buffer): Buffer {
  try {
    return inflateSync(bytes, PARTIAL)
  } catch {
    return inflateRawSync(bytes, PARTIAL) // what some servers call deflate
  }
}

const UNPACK: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ['', (bytes) => bytes],
  ['identity', (bytes) => bytes],
  ['gzip', (bytes) => gunzipSync(bytes, PARTIAL)],
  ['x-gzip', (bytes) => gunzipSync(bytes, PARTIAL)],
  ['deflate', inflate],
  ['br', (bytes) => brotliDecompressSync(bytes, PARTIAL_BROTLI)],
])

function unpacked({ bytes, encoding }: KeptBody): Buffer | undefined {
  try {
    return UNPACK.get(encoding.trim().toLowerCase())?.(bytes)
  } catch {
    return undefined
  }
}

function decoderFor(type: string) {
  const charset = /charset="?([^\s;"]+)/i.exec(type)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset, { fatal: true })
  } catch {
    return new TextDecoder('utf-8', { fatal: true })
  }
}

/** Bytes as text, or undefined where they are none. `isCut`: the last letter may be half of one. */
export function textOf(bytes: Uint8Array, type: string, isCut: boolean): string | undefined {
  try {
    const text = decoderFor(type).decode(bytes, { stream: isCut })
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

export interface ReadBody {
  /** Without what stands for the rest. */
  text: string
  /** true: the end of the text is not the end of the body. */
  isCut: boolean
}

/** What a body says; undefined where it is no text. */
export function readBody(body: KeptBody): ReadBody | undefined {
  const bytes = unpacked(body)
  if (bytes === undefined || /^(image|audio|video|font)\/(?!svg)/i.test(body.type)) return undefined
  const limit = KEPT_BYTES + MARGIN_BYTES
  const isCut = body.sizeBytes > body.bytes.length || bytes.length > limit
  const text = textOf(bytes.subarray(0, limit), body.type, isCut)
  return text === undefined ? undefined : { text, isCut }
}

function plural(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`
}

/** What can be said of a body that is no text. */
export function describe({ sizeBytes, type, encoding }: KeptBody): string {
  const kind = type.split(';', 1)[0]?.trim() || 'something that is no text'
  return `‹${plural(sizeBytes)} of ${kind}${encoding ? `, ${encoding}` : ''}›`
}

/** Cuts the masked text, with the margin in which half a secret may stand. */
export function cutNotice(text: string, { sizeBytes, encoding }: KeptBody): string {
  const shown = text.slice(0, Math.max(0, Math.min(KEPT_BYTES, text.length - MARGIN_BYTES)))
  return `${shown}\n‹cut; ${plural(sizeBytes)}${encoding ? ` of ${encoding}` : ''} in all›`
}
