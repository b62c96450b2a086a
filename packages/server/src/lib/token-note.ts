import type { Secret } from './secret.ts'
import type { Services } from './services.ts'

/** An access token, when it ends, and when WeChat was last asked about it. */
export interface KnownToken {
  readonly token: Secret
  readonly endsAtMs: number
  readonly askedAtMs: number
}

/** What the store has, as it is written there and as it is read; a token that does not open counts as none. */
interface Kept {
  readonly note: string | null
  readonly token: KnownToken | null
}

type Keeping = Pick<Services, 'store' | 'vault'>

/** No openid looks like this, so that nothing sealed for a user opens here, nor the other way round. */
const OWNER = '#access-token'
const NOTE = /^(\d{1,16}) (\d{1,16}) (\S+)$/

export async function readToken({ store, vault }: Keeping, appid: string): Promise<Kept> {
  const note = await store.findNote(nameOf(appid))
  const [, endsAtMs, askedAtMs, sealed] = NOTE.exec(note ?? '') ?? []
  const token = sealed === undefined ? null : vault.open(sealed, { appid, openid: OWNER })
  if (token === null) return { note, token: null }
  return { note, token: { token, endsAtMs: Number(endsAtMs), askedAtMs: Number(askedAtMs) } }
}

/** Nothing where another node has written meanwhile: its token is as good. */
export async function keepToken(
  { store, vault }: Keeping,
  appid: string,
  { note, token }: { readonly note: string | null; readonly token: KnownToken },
): Promise<void> {
  const sealed = vault.seal(token.token, { appid, openid: OWNER })
  const value = `${token.endsAtMs} ${token.askedAtMs} ${sealed}`
  await store.swapNote({ name: nameOf(appid), expected: note, value })
}

function nameOf(appid: string): string {
  return `access-token ${appid}`
}
