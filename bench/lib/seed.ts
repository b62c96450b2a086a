import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bulkSeed } from './bulk-seed.ts'
import type { Bench } from './figure.ts'

const TOKENS_KEPT = 10_000

export interface Seeded {
  readonly databaseFile: string
  /** One living token a line. */
  readonly tokensFile: string
}

/** A store with that many living sessions, each of its own user. */
export async function seedSessions(bench: Pick<Bench, 'folder' | 'sessions' | 'say'>): Promise<Seeded> {
  const databaseFile = join(bench.folder, 'yaopai.db')
  const tokensFile = join(bench.folder, 'tokens')
  const { sessions, say } = bench
  const tokens = await bulkSeed({ file: databaseFile, sessions, tokensKept: TOKENS_KEPT, say })
  await writeFile(tokensFile, `${tokens.join('\n')}\n`)
  return { databaseFile, tokensFile }
}
