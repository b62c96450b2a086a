import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Store } from '../../store.ts'
import { openSqliteStore, type SqliteStoreOptions } from '../sqlite-store.ts'

/** A file in a folder of its own that goes when the test ends. */
export function testFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'yaopai-sqlite-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'yaopai.db')
}

export async function openTestStore(
  t: TestContext,
  options: Partial<SqliteStoreOptions> = {},
): Promise<Store> {
  const store = await openSqliteStore({
    file: options.file ?? testFile(t),
    role: 'server',
    onFatal: (error) => {
      throw error
    },
    ...options,
  })
  t.after(() => store.close())
  return store
}
