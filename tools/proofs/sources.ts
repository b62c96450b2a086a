import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { roomsConfig } from '../rooms/config.ts'
import { readSources } from '../rooms/files.ts'
import { idsIn } from './rows.ts'

// Its titles are examples of titles, and prove nothing.
const passedBy = new Set(['tests/tools/proofs.test.ts', 'tests/tools/runner.test.ts'])

/** For each row id the test files whose titles carry it, by looking at their text alone. */
export function filesByRow(base: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  const sources = [...readSources(base, [...roomsConfig.sources, 'docs'], roomsConfig.tests)]
  for (const { path, isTest } of sources.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (!isTest || passedBy.has(path)) continue
    const ids = new Set(idsIn(readFileSync(join(base, path), 'utf8')))
    for (const id of ids) found.set(id, [...(found.get(id) ?? []), path])
  }
  return found
}
