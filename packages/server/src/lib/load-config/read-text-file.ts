import { readFileSync, statSync } from 'node:fs'
import process from 'node:process'

export type FileText =
  | {
      readonly ok: true
      readonly text: string
      /** Permission bits; null where the system has none (Windows). */
      readonly mode: number | null
      /** It belongs to another user, so that its group may be how this process reads it. */
      readonly isAnothers?: boolean
    }
  | { readonly ok: false; readonly reason: 'missing' | 'unreadable' }

/** How configuration is read from disk; tests hand in a map. */
export type ReadFile = (path: string) => FileText

const MAX_BYTES = 1_048_576

export const readTextFile: ReadFile = (path) => {
  try {
    const stats = statSync(path)
    if (!stats.isFile() || stats.size > MAX_BYTES) return { ok: false, reason: 'unreadable' }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
    const mode = process.platform === 'win32' ? null : stats.mode & 0o777
    return { ok: true, text, mode, isAnothers: stats.uid !== process.getuid?.() }
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return { ok: false, reason: isMissing ? 'missing' : 'unreadable' }
  }
}
