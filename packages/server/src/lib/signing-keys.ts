import { createECDH, createHash, createPrivateKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { MasterKey } from './config.ts'

const LABEL = 'yaopai assertion signing key v1'
const SCALAR_BYTES = 32
/** The order of P-256's base point (SEC 2, section 2.4.2): private keys are the numbers from 1 to one below it. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const KID_DIGEST_CHARS = 8

/** A public key as JWKS has it (RFC 7517). */
export interface PublicJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
  readonly kid: string
  readonly alg: 'ES256'
  readonly use: 'sig'
}

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly jwk: PublicJwk
}

/**
 * The key pair that goes with a master key: the same on every node that has it, with no secret of its own to hand
 * round. HKDF with a label that nothing else uses, so that neither key tells anything of the other; a candidate that
 * is no scalar of P-256 is passed over (one in four billion), which leaves all scalars equally likely.
 */
export function deriveSigningKey({ kid, key }: MasterKey): SigningKey {
  const ecdh = createECDH('prime256v1')
  const scalar = scalarOf(Buffer.from(key.reveal(), 'base64'))
  ecdh.setPrivateKey(scalar)
  const point = ecdh.getPublicKey()
  const x = point.subarray(1, 1 + SCALAR_BYTES).toString('base64url')
  const y = point.subarray(1 + SCALAR_BYTES).toString('base64url')
  const d = scalar.toString('base64url')
  const publicKid = `${kid}.${thumbprint(x, y).slice(0, KID_DIGEST_CHARS)}`
  const jwk: PublicJwk = { kty: 'EC', crv: 'P-256', x, y, kid: publicKid, alg: 'ES256', use: 'sig' }
  const privateKey = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d }, format: 'jwk' })
  return { kid: publicKid, privateKey, jwk }
}

function scalarOf(masterKey: Buffer): Buffer {
  for (let round = 0; ; round += 1) {
    const candidate = Buffer.from(hkdfSync('sha256', masterKey, '', `${LABEL} ${round}`, SCALAR_BYTES))
    if (isScalar(candidate)) return candidate
  }
}

export function isScalar(candidate: Buffer): boolean {
  const number = BigInt(`0x${candidate.toString('hex')}`)
  return number > 0n && number < ORDER
}

/** RFC 7638. A master key that comes back under an old name with other bytes is thereby another key. */
function thumbprint(x: string, y: string): string {
  const members = JSON.stringify({ crv: 'P-256', kty: 'EC', x, y })
  return createHash('sha256').update(members, 'utf8').digest('base64url')
}
