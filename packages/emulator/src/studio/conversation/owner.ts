import type { Arrow } from '../../lib/conversation/arrow.ts'
import { tagsIn } from './segments.ts'

interface OpenCall {
  to: string
  owner: string
  tags: ReadonlySet<string>
}

function tagsOf({ label, message }: Arrow): Set<string> {
  const headers = message?.headers.map(([, value]) => value).join(' ') ?? ''
  return new Set(tagsIn(`${label} ${message?.startLine ?? ''} ${headers} ${message?.body ?? ''}`))
}

/** The open call that made its receiver send this one: of several, one that carries the same secret, else the newest. */
function causeOf(arrow: Arrow, open: Iterable<OpenCall>): OpenCall | undefined {
  const candidates = [...open].filter((call) => call.to === arrow.from).reverse()
  const tags = tagsOf(arrow)
  return candidates.find((call) => [...call.tags].some((tag) => tags.has(tag))) ?? candidates[0]
}

/**
 * Whose phone each arrow belongs to, by its number: a server's call to WeChat is part of the request that it works on.
 * Arrows of nobody's are missing.
 */
export function ownersOf(arrows: readonly Arrow[]): Map<number, string> {
  const owners = new Map<number, string>()
  const open = new Map<number, OpenCall>()
  const ofExchange = new Map<number, string>()
  for (const arrow of arrows) {
    const owner = ownerOf(arrow, open, ofExchange)
    if (owner !== undefined) owners.set(arrow.seq, owner)
    if (arrow.part === 'answer') open.delete(arrow.exchange)
    if (arrow.part !== 'call' || owner === undefined) continue
    ofExchange.set(arrow.exchange, owner)
    open.set(arrow.exchange, { to: arrow.to, owner, tags: tagsOf(arrow) })
  }
  return owners
}

function ownerOf(
  arrow: Arrow,
  open: ReadonlyMap<number, OpenCall>,
  ofExchange: ReadonlyMap<number, string>,
): string | undefined {
  const phone = [arrow.from, arrow.to].find((id) => id.startsWith('phone:'))
  if (phone !== undefined) return phone
  if (arrow.part === 'answer') return ofExchange.get(arrow.exchange)
  return causeOf(arrow, open.values())?.owner
}

/** What concerns one phone, and what the operator did; everything where none is named. */
export function ofPhone(arrows: readonly Arrow[], phone: string | null): readonly Arrow[] {
  if (phone === null) return arrows
  const owners = ownersOf(arrows)
  return arrows.filter((arrow) => arrow.part === 'note' || owners.get(arrow.seq) === phone)
}
