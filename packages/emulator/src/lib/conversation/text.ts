import type { Arrow, Conversation, Message, Station } from './arrow.ts'

/** How a station is called where people read. */
export function stationName({ id, kind, user, device }: Station): string {
  if (kind === 'wechat') return 'WeChat'
  if (kind === 'operator') return 'operator'
  if (kind === 'mini-program') return user === undefined ? id : `${user}'s ${device ?? 'phone'} (${id})`
  if (id === 'server') return 'a server'
  if (id === 'back-end') return 'a back end'
  return `${kind === 'server' ? 'server' : 'back end'} ${id}`
}

function namesOf(stations: readonly Station[]): (id: string) => string {
  const names = new Map(stations.map((station) => [station.id, stationName(station)]))
  return (id) => names.get(id) ?? id
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '      ')
}

function messageText({ startLine, headers, body }: Message): string {
  const head = [startLine, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n')
  return indented(body === '' ? head : `${head}\n\n${body}`)
}

function arrowText(arrow: Arrow, nameOf: (id: string) => string): string {
  const { seq, part, from, to, label, elapsedMs, message, outcome } = arrow
  const seconds = (elapsedMs / 1000).toFixed(3)
  const ends =
    part === 'note' ? nameOf(from) : `${nameOf(from)} ${part === 'answer' ? '-->' : '->'} ${nameOf(to)}`
  const fate = outcome === 'failed' || outcome === 'lost' ? ` (${outcome})` : ''
  const line = `${seq}  ${seconds} s  ${ends}: ${label}${fate}`
  return message ? `${line}\n${messageText(message)}\n` : line
}

/** The conversation for reading in a terminal or a ticket. */
export function conversationText({ stations, arrows, dropped }: Conversation): string {
  const nameOf = namesOf(stations)
  const before = dropped === 0 ? [] : [`(${dropped} older arrows were forgotten)`]
  return `${[...before, ...arrows.map((arrow) => arrowText(arrow, nameOf))].join('\n')}\n`
}

/** Signs that mean something to Mermaid. */
function mermaidText(text: string): string {
  return text.replace(/[#;<>&"]/g, (sign) => `#${sign.charCodeAt(0)};`).replace(/\s+/g, ' ')
}

function mermaidArrow({ part, from, to, label, outcome }: Arrow, idOf: (id: string) => string): string {
  const text = mermaidText(label)
  if (part === 'note') return `  Note over ${idOf(from)}: ${text}`
  const isGone = outcome === 'failed' || outcome === 'lost'
  const line = part === 'call' ? '->>' : isGone ? '--x' : '-->>'
  return `  ${idOf(from)}${line}${idOf(to)}: ${text}`
}

/** The conversation as a Mermaid sequence diagram, for READMEs and tickets. */
export function conversationMermaid({ stations, arrows }: Conversation): string {
  const ids = new Map(stations.map(({ id }, index) => [id, `s${index + 1}`]))
  const idOf = (id: string) => ids.get(id) ?? 's0'
  const lanes = stations.map((station) => {
    const role = station.kind === 'mini-program' ? 'actor' : 'participant'
    return `  ${role} ${idOf(station.id)} as ${mermaidText(stationName(station))}`
  })
  return `${['sequenceDiagram', ...lanes, ...arrows.map((arrow) => mermaidArrow(arrow, idOf))].join('\n')}\n`
}
