import type { MasterKey } from '../config.ts'
import { Secret } from '../secret.ts'
import { isKid } from '../vault.ts'
import { complain, type Findings } from './findings.ts'
import type { Layers } from './layers.ts'
import type { Sources } from './scalars.ts'
import { type FoundSecret, secretFromRef, secretFromVariable } from './secrets.ts'

const NAME = 'YAOPAI_MASTER_KEY'
const KEY_BYTES = 32
const MIN_DISTINCT_BYTES = 12
const BASE64 = /^[A-Za-z0-9+/]{43}=$/

const MAKE_A_KEY = '`yaopai keys new --master` makes one; keep it: without it no kept session_key opens'

export function readMasterKeys(layers: Layers, findings: Findings, sources: Sources): MasterKey[] {
  const ref = layers.file.masterKey
  const found =
    secretFromVariable(NAME, layers, findings) ??
    (ref === undefined ? null : secretFromRef(ref, 'masterKey', layers, findings))
  if (found === null) {
    const isSet = layers.variables.has(NAME) || layers.variables.has(`${NAME}_FILE`) || ref !== undefined
    if (!isSet && !layers.isFileBroken) complain(findings, NAME, 'is not set', MAKE_A_KEY)
    return []
  }
  sources['masterKey'] = found.source
  return parseMasterKeys(found, findings)
}

function parseMasterKeys({ secret, setting }: FoundSecret, findings: Findings): MasterKey[] {
  const keys: MasterKey[] = []
  for (const [index, entry] of secret.reveal().split(',').entries()) {
    const [kid = '', key = '', surplus] = entry.trim().split(':')
    const problem = surplus === undefined ? problemOf(kid, key) : 'must be kid:base64'
    if (problem !== null) complain(findings, setting, `key ${index + 1} ${problem}`, MAKE_A_KEY)
    else if (keys.some((other) => other.kid === kid))
      complain(findings, setting, `has the kid ${kid} twice`, 'Give every key a kid of its own')
    else keys.push({ kid, key: new Secret(key) })
  }
  return keys
}

function problemOf(kid: string, key: string): string | null {
  if (!isKid(kid)) return 'must be kid:base64, the kid of letters, digits, dash or underscore'
  const bytes = Buffer.from(key, 'base64')
  if (!BASE64.test(key) || bytes.length !== KEY_BYTES) return `must have ${KEY_BYTES} bytes in base64`
  if (new Set(bytes).size < MIN_DISTINCT_BYTES) return 'is not random'
  return null
}
