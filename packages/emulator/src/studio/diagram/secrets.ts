import type { ConversationSecrets } from '../../lib/conversation/arrow.ts'
import { createStore } from '../store.ts'
import { view } from '../view.ts'

/** The values behind the names, once somebody asked for them; by name with or without its marks. */
export const secrets = createStore<{ byName: Readonly<Record<string, string>> }>({ byName: {} })

const bare = (name: string) => name.replace(/^‹|›$/g, '')

/** Fetches what has come up since. */
export async function fetchSecrets(): Promise<void> {
  const response = await fetch('/_emulator/conversation/secrets')
  if (!response.ok) return
  const answer: ConversationSecrets = await response.json()
  const entries = Object.entries(answer.secrets).map(([name, value]) => [bare(name), value] as const)
  secrets.set({ byName: Object.fromEntries(entries) })
}

export function setShowsSecrets(showsSecrets: boolean): void {
  view.set({ showsSecrets })
  if (showsSecrets) void fetchSecrets().catch(() => {})
  else secrets.set({ byName: {} })
}
