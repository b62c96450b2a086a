import type { Program } from '../../lib/miniprogram/program.ts'
import { DEMO_APP } from '../../lib/state/demo.ts'
import type { FileMap } from '../../lib/wx/files.ts'
import type { StorageMap } from '../../lib/wx/storage.ts'
import type { Missing } from '../chrome/missing-chip.ts'
import type { FrameQuery } from '../frame-query.ts'
import type { PhoneProblem } from '../runtime/problems.ts'
import { type PhoneWords, wordsFor } from '../words.ts'
import { createFileUrls, type FileUrls } from './file-urls.ts'
import { PersistentMap } from './persistent-map.ts'

/** The phone itself: what is still there when a mini program ends on it. */
export interface Handset {
  readonly query: FrameQuery
  readonly words: PhoneWords
  readonly files: FileMap
  readonly fileUrls: FileUrls
  isDark: boolean
  isOffline: boolean
  /** The name that WeChat knows this user by. */
  nickname: string
  /** What was put on the clipboard. */
  clipboard: string
  readonly problems: PhoneProblem[]
  readonly missing: Missing[]
  /** Something that others may want to know has changed. */
  changed(): void
  onChange(listener: () => void): () => void
}

/** The app that a mini program logs in to: its own, or the demo's where it is nobody's yet. */
export function appidOf({ appid }: Pick<Program, 'appid'>): string {
  return appid !== null && /^wx[0-9a-f]{16}$/.test(appid) ? appid : DEMO_APP.appid
}

export function createHandset(query: FrameQuery): Handset {
  const listeners = new Set<() => void>()
  const files: FileMap = new Map()
  return {
    query,
    words: wordsFor(query.language),
    files,
    fileUrls: createFileUrls(files),
    isDark: query.isDark,
    isOffline: false,
    nickname: query.user.charAt(0).toUpperCase() + query.user.slice(1),
    clipboard: '',
    problems: [],
    missing: [],
    changed() {
      for (const listener of [...listeners]) listener()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function mapOf(kind: string, { user, device }: FrameQuery, program: Pick<Program, 'appid'>): StorageMap {
  return new PersistentMap(`yaopai ${kind} ${JSON.stringify([appidOf(program), user, device])}`)
}

/** A mini program's storage on this phone: apart for each app, user and device, as on phones. */
export function storageOf(query: FrameQuery, program: Pick<Program, 'appid'>): StorageMap {
  return mapOf('storage', query, program)
}

/** What its user has allowed it. */
export function permitsOf(query: FrameQuery, program: Pick<Program, 'appid'>): StorageMap {
  return mapOf('permits', query, program)
}
