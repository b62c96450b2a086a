import { textOf } from './kept-body.ts'

function described(part: string): string {
  const end = part.indexOf('\r\n\r\n')
  if (end < 0) return part
  const head = Buffer.from(part.slice(0, end), 'latin1').toString()
  const content = Buffer.from(part.slice(end + 4).replace(/\r\n$/, ''), 'latin1')
  const type = /content-type:\s*([^\r\n;]+)/i.exec(head)?.[1] ?? ''
  const isFile = /filename\*?=/i.test(head) && !type.startsWith('text/')
  const text = isFile ? undefined : textOf(content, '', false)
  return `${head}\r\n\r\n${text ?? `‹${content.length} bytes of ${type || 'a file'}›`}\r\n`
}

/** A form with files, each file described in the place of its bytes; undefined where it is no such form. */
export function readMultipart(bytes: Buffer, type: string): string | undefined {
  const boundary = /^multipart\/form-data;.*boundary="?([^\s";]+)/i.exec(type)?.[1]
  if (boundary === undefined) return undefined
  const parts = bytes.toString('latin1').split(`--${boundary}`)
  return parts.map(described).join(`--${boundary}`)
}
