import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** npm scripts that a shell sample calls and the root's package.json does not have. */
export function complaintsOfScripts(code: string, base: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(base, 'package.json'), 'utf8'))
  const named = [...code.matchAll(/\bnpm (?:run (?:-\S+ )*([\w:-]+)|(start|test)\b)/g)]
  const names = named.flatMap(([, script, short]) => script ?? short ?? [])
  return names.filter((name) => !(name in scripts)).map((name) => `there is no script "${name}"`)
}
