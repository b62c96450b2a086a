import { randomBytes } from 'node:crypto'

const MAX_BYTES_IN_ALL = 32 * 1024 * 1024
const ID_BYTES = 16

/** Pictures that this shop takes, told by their first bytes: a name or a type that a client gives proves nothing. */
const KINDS = [
  { type: 'image/png', starts: [{ at: 0, hex: '89504e470d0a1a0a' }] },
  { type: 'image/jpeg', starts: [{ at: 0, hex: 'ffd8ff' }] },
  {
    type: 'image/webp',
    starts: [
      { at: 0, hex: '52494646' },
      { at: 8, hex: '57454250' },
    ],
  },
] as const

export type PictureType = (typeof KINDS)[number]['type']

export interface Picture {
  readonly type: PictureType
  readonly bytes: Buffer
}

/** What kind of picture this is; null when it is none that can be taken. */
export function pictureIn(bytes: Buffer): Picture | null {
  const startsSo = ({ at, hex }: { at: number; hex: string }) =>
    bytes.subarray(at, at + hex.length / 2).toString('hex') === hex
  const kind = KINDS.find(({ starts }) => starts.every(startsSo))
  return kind ? { type: kind.type, bytes } : null
}

/**
 * One picture for each user, in bounded memory: the oldest make room. A real shop has object storage here, draws each
 * picture anew, and has WeChat look at it (`mediaCheckAsync`).
 */
export class Avatars {
  readonly #byId = new Map<string, { readonly userId: string; readonly picture: Picture }>()
  readonly #idByUserId = new Map<string, string>()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes = MAX_BYTES_IN_ALL) {
    this.#maxBytes = maxBytes
  }

  /** Keeps the picture instead of the one this user had. A new id each time: no cache can show the old one. */
  put(userId: string, picture: Picture): string {
    this.#drop(this.#idByUserId.get(userId))
    const id = randomBytes(ID_BYTES).toString('base64url')
    this.#byId.set(id, { userId, picture })
    this.#idByUserId.set(userId, id)
    this.#bytes += picture.bytes.length
    for (const oldest of this.#byId.keys()) {
      if (this.#bytes <= this.#maxBytes) break
      this.#drop(oldest)
    }
    return id
  }

  get(id: string): Picture | undefined {
    return this.#byId.get(id)?.picture
  }

  #drop(id: string | undefined): void {
    const kept = id === undefined ? undefined : this.#byId.get(id)
    if (id === undefined || !kept) return
    this.#byId.delete(id)
    this.#idByUserId.delete(kept.userId)
    this.#bytes -= kept.picture.bytes.length
  }
}
