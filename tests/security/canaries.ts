import { createHash } from 'node:crypto'

/** A value that must be nowhere, under a name that tells which it was. */
export interface Canary {
  readonly name: string
  readonly value: string
}

interface Form {
  readonly name: string
  readonly bytes: Buffer
}

/** What a leak could look like: as it is, decoded, escaped, encoded once more or merely hashed. */
export function formsOf({ name, value }: Canary): Form[] {
  const text = Buffer.from(value, 'utf8')
  const forms: [string, Buffer | string][] = [
    ['raw', text],
    ['hex', text.toString('hex')],
    ['URL-escaped', encodeURIComponent(value)],
    ['JSON-escaped', value.replaceAll('/', '\\/')],
    ['md5', createHash('md5').update(text).digest('hex')],
    ['sha1', createHash('sha1').update(text).digest('hex')],
    ...base64At(text).map((form, offset): [string, string] => [`base64 at offset ${offset}`, form]),
    ...decodedForms(value),
  ]
  return forms.map(([form, bytes]) => ({ name: `${name}, ${form}`, bytes: Buffer.from(bytes) }))
}

/** A session_key is base64 of 16 bytes: the bytes themselves and their hex must not show either. */
function decodedForms(value: string): [string, Buffer | string][] {
  const decoded = Buffer.from(value, 'base64')
  if (decoded.length < 16 || decoded.toString('base64') !== value) return []
  return [
    ['decoded bytes', decoded],
    ['hex of the decoded bytes', decoded.toString('hex')],
  ]
}

/** Inside a longer base64 text a value shows in one of three ways; the ends depend on its neighbours. */
function base64At(text: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), text])
      .toString('base64')
      .replace(/=+$/, '')
    return encoded.slice(offset === 0 ? 0 : 4, -2)
  })
}

/** The names of all canaries that show in these bytes. */
export function leaksIn(haystack: Buffer, canaries: readonly Canary[]): string[] {
  return canaries
    .flatMap(formsOf)
    .filter(({ bytes }) => haystack.includes(bytes))
    .map(({ name }) => name)
}
