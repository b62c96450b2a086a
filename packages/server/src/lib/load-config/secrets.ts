import { isAbsolute, join } from 'node:path'
import { Secret } from '../secret.ts'
import { complain, type Findings, warn } from './findings.ts'
import { type Layers, reasonOf } from './layers.ts'
import type { FileText } from './read-text-file.ts'
import type { SecretRef } from './schema.ts'

const WRITABLE_BY_OTHERS = 0o022
const READABLE_BY_OTHERS = 0o044
const READABLE_BY_ALL = 0o004

/** A secret that was found, under the name that messages give it. */
export interface FoundSecret {
  readonly secret: Secret
  readonly setting: string
  readonly source: string
}

/** From `NAME` or the file that `NAME_FILE` names. Null when neither is set, or when it was complained of. */
export function secretFromVariable(name: string, layers: Layers, findings: Findings): FoundSecret | null {
  const bare = layers.variables.get(name)
  const file = layers.variables.get(`${name}_FILE`)
  if (bare !== undefined && file !== undefined) {
    complain(findings, name, `is set, and ${name}_FILE too`, 'Set one of the two')
    return null
  }
  if (bare !== undefined) return { secret: new Secret(bare.text), setting: name, source: bare.source }
  if (file === undefined) return null
  return secretFromFile(file.text, layers.cwd, `${name}_FILE`, layers, findings)
}

/** What `{"env": …}` or `{"file": …}` in the configuration file points at. */
export function secretFromRef(
  ref: SecretRef,
  setting: string,
  layers: Layers,
  findings: Findings,
): FoundSecret | null {
  if ('file' in ref) return secretFromFile(ref.file, layers.fileFolder, setting, layers, findings)
  const variable = layers.variables.get(ref.env)
  if (variable === undefined) {
    if (isSecretItself(ref.env)) complainOfPlace(findings, setting)
    else complain(findings, setting, `the variable ${ref.env} is not set`, `Set ${ref.env}`)
    return null
  }
  return { secret: new Secret(variable.text), setting: ref.env, source: variable.source }
}

function secretFromFile(
  path: string,
  folder: string,
  setting: string,
  layers: Layers,
  findings: Findings,
): FoundSecret | null {
  const read = layers.readFile(isAbsolute(path) ? path : join(folder, path))
  if (!read.ok) {
    if (isSecretItself(path)) complainOfPlace(findings, setting)
    else
      complain(
        findings,
        setting,
        `the file ${path} ${reasonOf(read)}`,
        'Correct the path, or its permissions',
      )
    return null
  }
  const text = read.text.replace(/^\uFEFF/, '').trim()
  if (text === '') {
    complain(findings, setting, `the file ${path} is empty`, 'Write the secret into it')
    return null
  }
  judgeMode(read, path, setting, findings)
  return { secret: new Secret(text), setting, source: path }
}

/** URLs of databases, AppSecrets, API keys, master keys. */
const SECRETS = [/:\/\//, /^[0-9a-f]{32}$/i, /yk1_/, /[A-Za-z0-9+/]{43}=/]

/** Written where only its place belongs, it must not be told in the complaint. */
function isSecretItself(place: string): boolean {
  return SECRETS.some((secret) => secret.test(place))
}

function complainOfPlace(findings: Findings, setting: string): void {
  const problem = 'must say where the secret is, and looks like the secret itself'
  complain(
    findings,
    setting,
    problem,
    'Write it into a file and name that, or set the variable without _FILE',
  )
}

/**
 * Containers mount secrets so that all may read them; who may write one chooses it. Kubernetes makes them root's, and
 * readable by the group of the process: no other way leads to them.
 */
function judgeMode(
  { mode, isAnothers = false }: Pick<Extract<FileText, { ok: true }>, 'mode' | 'isAnothers'>,
  path: string,
  setting: string,
  findings: Findings,
): void {
  if (mode === null) return
  const readable = isAnothers ? READABLE_BY_ALL : READABLE_BY_OTHERS
  const cure = `chmod 600 ${path}`
  if (mode & WRITABLE_BY_OTHERS) complain(findings, setting, `others may write the file ${path}`, cure)
  else if (mode & readable) warn(findings, setting, `others may read the file ${path}`, cure)
}
