import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { root } from '../../tools/setup.mjs'

/** Path from the repository's root. */
export function pathOf(file: string): string {
  return join(root, 'deploy', file)
}

export function textOf(file: string): string {
  return readFileSync(pathOf(file), 'utf8')
}

/** @throws when it is not YAML, with the line */
export function yamlOf(file: string): unknown {
  return parse(textOf(file), { merge: true, strict: true, uniqueKeys: true })
}

/** Of a file with several documents. */
export function documentsOf(file: string): unknown[] {
  return parseAllDocuments(textOf(file), { strict: true, uniqueKeys: true }).map((document) => {
    const [error] = document.errors
    if (error !== undefined) throw error
    return document.toJS() as unknown
  })
}

/** The setting that a line `NAME=…` or `NAME: …` of an env file or a map sets. */
export function envNames(text: string): string[] {
  return [...text.matchAll(/^\s*(?:- \{ name: |Environment=)?([A-Z][A-Z0-9_]+)(?:=|: |, value)/gm)].map(
    ([, name = '']) => name,
  )
}
