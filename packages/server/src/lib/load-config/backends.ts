import type { BackendConfig } from '../config.ts'
import { hashToken, parseToken } from '../session/token.ts'
import { complain, type Findings } from './findings.ts'
import type { Layers } from './layers.ts'
import type { Sources } from './scalars.ts'
import { SCOPES, scopesSchema } from './schema.ts'
import { secretFromRef, secretFromVariable } from './secrets.ts'

const NAME = 'YAOPAI_API_KEYS'
const BACKEND_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const CURE = 'Write name:scope+scope:yk1_…, entries apart by commas; `yaopai keys new` makes a key'

/** While its key is changed a back end has an old and a new one. */
const KEYS_OF_ONE = 2

/** Back ends of the file and of the bootstrap keys. Of a key only its hash goes on. */
export function readBackends(layers: Layers, findings: Findings, sources: Sources): BackendConfig[] {
  const backends = [...fromFile(layers, findings), ...fromVariable(layers, findings, sources)]
  for (const [index, { name, keyHash }] of backends.entries()) {
    const earlier = backends.slice(0, index)
    if (earlier.filter((other) => other.name === name).length >= KEYS_OF_ONE)
      complain(findings, NAME, `has more than two keys for the name ${name}`, 'Leave the old and the new one')
    if (earlier.some((other) => Buffer.compare(other.keyHash, keyHash) === 0))
      complain(
        findings,
        NAME,
        `${name} has the key of another back end`,
        'Give every back end a key of its own',
      )
  }
  return backends
}

function fromFile(layers: Layers, findings: Findings): BackendConfig[] {
  return (layers.file.backends ?? []).flatMap(({ name, key, scopes, audience }, index) => {
    const setting = `backends[${index}].key`
    const found = secretFromRef(key, setting, layers, findings)
    const parsed = found && keyOf(found.secret.reveal())
    if (found && !parsed) complain(findings, setting, 'is no API key', '`yaopai keys new` makes one')
    return parsed ? [{ name, scopes, audience, ...parsed }] : []
  })
}

function fromVariable(layers: Layers, findings: Findings, sources: Sources): BackendConfig[] {
  const found = secretFromVariable(NAME, layers, findings)
  if (found === null) return []
  sources['apiKeys'] = found.source
  return found.secret
    .reveal()
    .split(',')
    .flatMap((entry, index) => {
      const backend = parseEntry(entry.trim())
      if (typeof backend !== 'string') return [backend]
      complain(findings, found.setting, `entry ${index + 1} ${backend}`, CURE)
      return []
    })
}

/** The back end, or what is wrong with the entry. `identity:read` has a colon, so the key begins at the last one. */
function parseEntry(entry: string): BackendConfig | string {
  const [, name = '', scopeText = '', key = ''] = /^([^:]*):(.*):([^:]*)$/.exec(entry) ?? []
  if (key === '') return 'must be name:scope+scope:key'
  if (!BACKEND_NAME.test(name)) return 'must begin with a name of letters, digits, dot, dash or underscore'
  const scopes = scopesSchema.safeParse(scopeText.split('+'))
  if (!scopes.success) return `must name scopes of ${SCOPES.join(', ')}`
  const parsed = keyOf(key)
  if (parsed === null) return 'has a key that is no API key: it begins with yk1_ and ends with its checksum'
  return { name, scopes: scopes.data, audience: null, ...parsed }
}

function keyOf(key: string): Pick<BackendConfig, 'keyHash' | 'keySelector'> | null {
  const parsed = parseToken('yk1_', key)
  return parsed && { keyHash: hashToken(key), keySelector: parsed.selector }
}
