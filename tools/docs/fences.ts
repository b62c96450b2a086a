import type { Page } from './files.ts'

/** A fenced sample: where it stands, its language, what its fence says beside it, its text. */
export type Sample = { file: string; line: number; language: string; flags: string; code: string }

const opening = /^(?<indent>[ \t]*)(?<marks>`{3,}|~{3,})(?<language>[\w+-]*)(?<flags>[^`]*)$/

/** Cuts the fences out of a Markdown page; `line` is that of the sample's first line, from 1. */
export function fencesOf({ path, text }: Page): Sample[] {
  const lines = text.split(/\r?\n/)
  const samples: Sample[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const found = opening.exec(lines[at] ?? '')?.groups
    if (!found) continue
    const { indent = '', marks = '', language = '', flags = '' } = found
    const end = closingLine(lines, at + 1, marks)
    const code = lines.slice(at + 1, end).map((line) => withoutIndent(line, indent.length))
    samples.push({ file: path, line: at + 2, language, flags: flags.trim(), code: code.join('\n') })
    at = end
  }
  return samples
}

function closingLine(lines: string[], from: number, marks: string): number {
  const found = lines.findIndex(
    (line, at) => at >= from && line.trim().startsWith(marks) && /^[`~]+$/.test(line.trim()),
  )
  return found === -1 ? lines.length : found
}

function withoutIndent(line: string, width: number): string {
  return line.slice(0, width).trim() === '' ? line.slice(width) : line
}

/** Cuts the fences out of the `@example`s in a source file's comments. */
export function examplesOf({ path, text }: Page): Sample[] {
  let inExample = false
  let inComment = false
  const lines = text.split(/\r?\n/).map((line) => {
    if (/^\s*\/\*\*/.test(line)) inComment = true
    const tag = /^\s*(?:\/\*\*|\*)\s*@(\w+)/.exec(line)?.[1]
    if (tag) inExample = tag === 'example'
    const kept = inComment && inExample && !tag ? line.replace(/^\s*\* ?/, '') : ''
    if (line.includes('*/')) inComment = inExample = false
    return kept
  })
  return fencesOf({ path, text: lines.join('\n') })
}

/** The page with fences and inline code blanked, for who reads its prose alone. */
export function proseOf(page: Page): string {
  const lines = page.text.split(/\r?\n/)
  for (const { line, code } of fencesOf(page)) {
    lines.fill('', line - 1, line - 1 + code.split('\n').length)
  }
  return lines.join('\n').replace(/`[^`\n]*`/g, '``')
}
