import { readFileSync } from 'node:fs'
import { LIB } from './own-files.ts'

/** Of this package. `src/lib` and `dist/lib` lie equally deep below its manifest. */
export const VERSION: string = readVersion()

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', LIB), 'utf8'))
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) return 'unknown'
  return String(manifest.version)
}
