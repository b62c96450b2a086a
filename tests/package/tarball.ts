import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** The files of an npm tarball, without the `package/` before each, sorted. */
export function filesIn(tarball: string): string[] {
  const bytes = gunzipSync(readFileSync(tarball))
  const files: string[] = []
  for (let at = 0; at + 512 <= bytes.length; ) {
    const name = text(bytes, at, 100)
    if (name === '') break
    const prefix = text(bytes, at + 345, 155)
    files.push((prefix ? `${prefix}/${name}` : name).replace(/^package\//, ''))
    const size = Number.parseInt(text(bytes, at + 124, 12), 8)
    at += 512 + Math.ceil(size / 512) * 512
  }
  return files.sort()
}

function text(bytes: Buffer, from: number, length: number): string {
  const end = bytes.indexOf(0, from)
  return bytes.toString('utf8', from, Math.min(end === -1 ? from + length : end, from + length)).trim()
}
