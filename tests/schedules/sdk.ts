import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import type { Yaopai, YaopaiOptions } from '../../packages/miniprogram/src/types.ts'
import { root } from '../../tools/setup.mjs'

/** A change of the client's source text that makes it wrong. */
export interface Mutant {
  /** What goes wrong with it. */
  readonly name: string
  readonly changes: readonly Change[]
}

export interface Change {
  readonly file: string
  /** Must be there, once. */
  readonly find: string
  readonly put: string
}

/** What the client may touch, each a stand-in of the scheduler's. */
export interface Globals {
  readonly Promise: unknown
  readonly setTimeout: unknown
  readonly clearTimeout: unknown
  readonly Date: unknown
  readonly Math: unknown
  readonly wx: unknown
}

export type CreateYaopai = (options: YaopaiOptions) => Yaopai

/** The client, begun anew in a world of its own with each call: as after a start of the mini program. */
export type StartSdk = (globals: Globals) => CreateYaopai

const SOURCE = join(root, 'packages/miniprogram/src')
const NAMES = ['Promise', 'setTimeout', 'clearTimeout', 'Date', 'Math', 'wx'] as const

let plain: StartSdk | undefined

/** As it ships: ES2015, where `async` is made of generators and of whatever Promise there is. */
export function loadSdk(): StartSdk {
  plain ??= bundle(SOURCE)
  return plain
}

/** With the mutant in it. @throws {Error} when the text that it changes is not in the source any more */
export function loadMutant({ name, changes }: Mutant): StartSdk {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-mutant-'))
  try {
    cpSync(SOURCE, folder, { recursive: true, filter: (path) => !path.endsWith('.test.ts') })
    for (const change of changes) plantIn(folder, name, change)
    return bundle(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function plantIn(folder: string, name: string, { file, find, put }: Change): void {
  if (!readdirSync(folder).includes(file))
    throw new Error(`The mutant "${name}" changes ${file}, which is not there any more`)
  const text = readFileSync(join(folder, file), 'utf8')
  const places = text.split(find).length - 1
  if (places !== 1) {
    throw new Error(
      `The mutant "${name}" changes a text that is ${places} times in ${file} and must be once: ${find}`,
    )
  }
  writeFileSync(
    join(folder, file),
    text.replace(find, () => put),
  )
}

function bundle(folder: string): StartSdk {
  const { outputFiles } = buildSync({
    entryPoints: [join(folder, 'index.ts')],
    bundle: true,
    write: false,
    format: 'cjs',
    target: 'es2015',
    platform: 'neutral',
    logLevel: 'silent',
  })
  const text = outputFiles[0]?.text ?? ''
  const start = new Function(...NAMES, 'module', 'exports', `'use strict';${text}`)
  return (globals) => {
    const module: { exports: Record<string, unknown> } = { exports: {} }
    start(...NAMES.map((name) => globals[name]), module, module.exports)
    return module.exports['createYaopai'] as CreateYaopai
  }
}
