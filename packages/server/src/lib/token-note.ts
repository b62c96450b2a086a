import type { Secret } from './secret.ts'
import type { Services } from './services.ts'

/** An access token, when it ends, and when WeChat was last asked about it. */
export interface KnownToken {
  readonly token: Secret
  readonly endsAtMs: number
  readonly askedAtMs: number
}

/** What the store has, as it is written there and as it is read; a token that does not open counts as none. */
export interface Kept {
  readonly note: string | null
  readonly token: KnownToken | null
}

/** A token, and the note that was there for it: while that stands, no other node has replaced it. */
export interface Known extends Kept {
  readonly token: KnownToken
}

type Keeping = Pick<Services, 'store' | 'vault'>

/** No openid looks like this, so that nothing sealed for a user opens here, nor the other way round. */
const OWNER = '#access-token'
/** Of nodes that swap at the same time one has its way each time. */
const MAX_TRIES = 10
const NOTE = /^(\d{1,16}) (\d{1,16}) (\S+)$/

/** @param known what was taken from that note before, if it still stands; this node may know more of it, too */
export async function readToken({ store, vault }: Keeping, appid: string, known?: Known): Promise<Kept> {
  const note = await store.findNote(nameOf(appid))
  if (known !== undefined && known.note === note) return known
  const [, endsAtMs, askedAtMs, sealed] = NOTE.exec(note ?? '') ?? []
  const token = sealed === undefined ? null : vault.open(sealed, { appid, openid: OWNER })
  if (token === null) return { note, token: null }
  return { note, token: { token, endsAtMs: Number(endsAtMs), askedAtMs: Number(askedAtMs) } }
}

interface Keep {
  /** What was there when WeChat was asked. */
  readonly note: string | null
  readonly token: KnownToken
  /** It has killed the one before. */
  readonly isForced: boolean
}

/**
 * Where another node has written meanwhile its token stands, for ours may be the one that it has replaced; but one got
 * by force is the only one that is good.
 * @returns what stands
 */
export async function keepToken(keeping: Keeping, appid: string, keep: Keep): Promise<Known> {
  const { token, isForced } = keep
  const sealed = keeping.vault.seal(token.token, { appid, openid: OWNER })
  const value = `${token.endsAtMs} ${token.askedAtMs} ${sealed}`
  let expected = keep.note
  for (let turn = 0; turn < MAX_TRIES; turn += 1) {
    if (await keeping.store.swapNote({ name: nameOf(appid), expected, value })) break
    const found = await readToken(keeping, appid)
    if (found.token !== null && !isForced) return { note: found.note, token: found.token }
    expected = found.note
  }
  return { note: value, token }
}

function nameOf(appid: string): string {
  return `access-token ${appid}`
}
