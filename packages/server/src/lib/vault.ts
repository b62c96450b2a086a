import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import type { MasterKey } from './config.ts'
import type { Random } from './random.ts'
import { Secret } from './secret.ts'

const FORMAT = 'v1'
const IV_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32
/** No dot: it parts the fields of what is sealed. */
const KID = /^[A-Za-z0-9_-]{1,64}$/

/** Whether a master key may be called so. */
export function isKid(text: string): boolean {
  return KID.test(text)
}

/** Whose session_key it is. Bound into the ciphertext: moved to another row it does not open. */
export interface KeyOwner {
  readonly appid: string
  readonly openid: string
}

/** Seals session_keys at rest with AES-256-GCM: `v1.kid.iv.ciphertext.tag`, parts in base64url. */
export interface Vault {
  seal(plain: Secret, owner: KeyOwner): string
  /** Null when it was sealed for somebody else, under a key that is gone, or was altered. */
  open(sealed: string, owner: KeyOwner): Secret | null
  /** Whether it was sealed under the key that seals now; the others are on their way out. */
  isCurrent(sealed: string): boolean
}

/** @throws RangeError when there is no key, one has not 32 bytes, or their names cannot tell them apart */
export function createVault(masterKeys: readonly MasterKey[], random: Random): Vault {
  const keys = decodeKeys(masterKeys)
  const sealing = masterKeys[0]
  const sealingKey = sealing && keys.get(sealing.kid)
  if (!sealing || !sealingKey) throw new RangeError('A vault needs at least one master key')

  return {
    seal(plain, owner) {
      const iv = random.bytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealingKey, iv).setAAD(boundTo(owner, sealing.kid))
      const ciphertext = Buffer.concat([cipher.update(plain.reveal(), 'utf8'), cipher.final()])
      return writeSealed({ kid: sealing.kid, iv, ciphertext, tag: cipher.getAuthTag() })
    },
    open(sealed, owner) {
      const parts = parseSealed(sealed)
      const key = parts && keys.get(parts.kid)
      return parts && key ? decrypt(key, parts, boundTo(owner, parts.kid)) : null
    },
    isCurrent: (sealed) => sealed.startsWith(`${FORMAT}.${sealing.kid}.`),
  }
}

interface SealedParts {
  readonly kid: string
  readonly iv: Buffer
  readonly ciphertext: Buffer
  readonly tag: Buffer
}

function writeSealed({ kid, iv, ciphertext, tag }: SealedParts): string {
  return [FORMAT, kid, ...[iv, ciphertext, tag].map((part) => part.toString('base64url'))].join('.')
}

/** What is not written as `seal` writes it was altered, even where base64 would read the same bytes. */
function parseSealed(sealed: string): SealedParts | null {
  const [format, kid, iv, ciphertext, tag, surplus] = sealed.split('.')
  if (format !== FORMAT || !kid || !iv || ciphertext === undefined || !tag || surplus !== undefined)
    return null
  const parts = { kid, iv: bytes(iv), ciphertext: bytes(ciphertext), tag: bytes(tag) }
  if (parts.iv.length !== IV_BYTES || parts.tag.length !== TAG_BYTES) return null
  return writeSealed(parts) === sealed ? parts : null
}

function decrypt(key: KeyObject, parts: SealedParts, aad: Buffer): Secret | null {
  const decipher = createDecipheriv('aes-256-gcm', key, parts.iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(aad).setAuthTag(parts.tag)
  try {
    const plain = decipher.update(parts.ciphertext)
    // GCM holds nothing back: this judges the tag, and throws.
    decipher.final()
    return new Secret(plain.toString('utf8'))
  } catch {
    return null
  }
}

/** NUL cannot stand in an appid, an openid or a kid, so no two owners read alike. */
function boundTo(owner: KeyOwner, kid: string): Buffer {
  return Buffer.from([FORMAT, kid, owner.appid, owner.openid].join('\0'), 'utf8')
}

function decodeKeys(masterKeys: readonly MasterKey[]): Map<string, KeyObject> {
  const keys = new Map<string, KeyObject>()
  for (const { kid, key } of masterKeys) {
    if (!isKid(kid)) throw new RangeError(`Master key "${kid}" must be named with letters, digits, _ and -`)
    if (keys.has(kid)) throw new RangeError(`Two master keys are named "${kid}": give each its own name`)
    keys.set(kid, decodeKey(kid, key))
  }
  return keys
}

function decodeKey(kid: string, key: Secret): KeyObject {
  const decoded = Buffer.from(key.reveal(), 'base64')
  if (decoded.length !== KEY_BYTES)
    throw new RangeError(`Master key "${kid}" must be base64 of ${KEY_BYTES} bytes`)
  return createSecretKey(decoded)
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'base64url')
}
