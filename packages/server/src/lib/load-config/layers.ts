import { isAbsolute, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type * as z from 'zod'
import { scanJson } from '../json-scan.ts'
import { didYouMean } from './did-you-mean.ts'
import { complain, type Findings } from './findings.ts'
import type { FileText, ReadFile } from './read-text-file.ts'
import { type ConfigFile, configFileSchema } from './schema.ts'

export const DEFAULT_CONFIG_FILE = 'yaopai.config.json'

/** A variable's text and where it stands. */
export interface Variable {
  readonly text: string
  readonly source: string
}

/** What was found, before anything is judged: nearer layers hide farther ones. */
export interface Layers {
  readonly cwd: string
  readonly variables: ReadonlyMap<string, Variable>
  readonly file: ConfigFile
  readonly hasFile: boolean
  /** The file is there and was complained of: what is missing may stand in it. */
  readonly isFileBroken: boolean
  /** Path of the configuration file as people call it, and the folder that its paths start from. */
  readonly fileName: string
  readonly fileFolder: string
  readonly readFile: ReadFile
}

export interface LayersInput {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly readFile: ReadFile
}

export function readLayers(input: LayersInput, findings: Findings): Layers {
  const variables = readVariables(input, findings)
  const named = variables.get('YAOPAI_CONFIG')?.text
  const fileName = named ?? DEFAULT_CONFIG_FILE
  const path = isAbsolute(fileName) ? fileName : join(input.cwd, fileName)
  const read = input.readFile(path)
  if (!read.ok && (named !== undefined || read.reason === 'unreadable')) {
    complain(
      findings,
      'YAOPAI_CONFIG',
      `the file ${fileName} ${reasonOf(read)}`,
      'Correct the path, or its permissions',
    )
  }
  const file = read.ok ? parseConfigFile(withoutBom(read.text), fileName, findings) : {}
  const isFileBroken = file === null
  return {
    cwd: input.cwd,
    variables,
    file: file ?? {},
    hasFile: read.ok,
    isFileBroken,
    fileName,
    fileFolder: resolve(path, '..'),
    readFile: input.readFile,
  }
}

/** The environment over `.env.local` over `.env`. A variable that is set to nothing counts as not set. */
function readVariables({ env, cwd, readFile }: LayersInput, findings: Findings): Map<string, Variable> {
  const variables = new Map<string, Variable>()
  for (const source of ['.env', '.env.local']) {
    const read = readFile(join(cwd, source))
    if (read.ok) put(variables, parseEnv(withoutBom(read.text)), source)
    else if (read.reason === 'unreadable') {
      complain(findings, source, 'cannot be read as UTF-8 text', 'Correct its permissions and its encoding')
    }
  }
  put(variables, env, 'environment')
  return variables
}

function put(
  variables: Map<string, Variable>,
  texts: Readonly<Record<string, string | undefined>>,
  source: string,
): void {
  for (const [name, text] of Object.entries(texts)) {
    if (text !== undefined && text.trim() !== '') variables.set(name, { text: text.trim(), source })
  }
}

function parseConfigFile(text: string, fileName: string, findings: Findings): ConfigFile | null {
  const json = parseJson(text)
  if (!json.ok) {
    complain(findings, fileName, `is not valid JSON${json.where}`, 'Correct the syntax; JSON has no comments')
    return null
  }
  const misfit = scanJson(text)
  if (misfit !== null) {
    const setting = misfit.path.length === 0 ? fileName : misfit.path.join('.')
    complain(findings, setting, misfit.detail, `Correct it in ${fileName}`)
    return null
  }
  const parsed = configFileSchema.safeParse(json.value)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) complainOfIssue(issue, fileName, findings)
  return null
}

/** The engine's own message quotes the text around the fault, which may be a secret: only the place goes on. */
function parseJson(
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly where: string } {
  try {
    const value: unknown = JSON.parse(text)
    return { ok: true, value }
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
    if (position === undefined) return { ok: false, where: '' }
    return { ok: false, where: `, see line ${text.slice(0, Number(position)).split('\n').length}` }
  }
}

function complainOfIssue(issue: z.core.$ZodIssue, fileName: string, findings: Findings): void {
  const setting = pathOf(issue.path)
  if (issue.code !== 'unrecognized_keys') {
    const missing = /received undefined/.test(issue.message)
    complain(
      findings,
      setting === '' ? fileName : setting,
      missing ? 'is missing' : issue.message,
      `Correct it in ${fileName}`,
    )
    return
  }
  for (const key of issue.keys) {
    const near = didYouMean(key, knownKeys(issue.path))
    complain(
      findings,
      setting === '' ? key : `${setting}.${key}`,
      near === null ? 'is not a setting' : `is not a setting; did you mean ${near}`,
      `Correct or remove it in ${fileName}`,
    )
  }
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}

const SECTION_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(configFileSchema.shape),
  apps: ['appid', 'secret', 'openPlatform', 'classicLogin', 'frozen', 'policy'],
  policy: ['maxSessions', 'idleSeconds', 'absoluteSeconds'],
  backends: ['name', 'key', 'scopes', 'audience'],
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const section = path.filter((part) => typeof part === 'string').at(-1) ?? ''
  return SECTION_KEYS[section] ?? []
}

export function reasonOf(read: Extract<FileText, { ok: false }>): string {
  return read.reason === 'missing' ? 'is not there' : 'cannot be read'
}

function withoutBom(text: string): string {
  return text.replace(/^\uFEFF/, '')
}
