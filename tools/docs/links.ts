import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { proseOf } from './fences.ts'
import type { Page } from './files.ts'

/** Relative links of a page that lead nowhere, as `file:line target: why`. */
export function deadLinks(page: Page, base: string): string[] {
  return proseOf(page)
    .split('\n')
    .flatMap((line, at) => targetsIn(line).map((target) => ({ target, line: at + 1 })))
    .flatMap(({ target, line }) => {
      const why = complaint(page, target, base)
      return why ? [`${page.path}:${line} ${target}: ${why}`] : []
    })
}

function targetsIn(line: string): string[] {
  const inline = [...line.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)]
  const defined = [...line.matchAll(/^\s*\[[^\]]+\]:\s+<?(\S+?)>?$/g)]
  return [...inline, ...defined].flatMap(([, target]) => (target === undefined ? [] : [target]))
}

function complaint(page: Page, target: string, base: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined
  const [path = '', anchor] = decodeURI(target).split('#')
  const file = path === '' ? page.path : posix.join(posix.dirname(page.path), path)
  if (file.startsWith('..')) return 'leaves the repository'
  if (!existsSync(join(base, file))) return `there is no ${file}`
  if (!anchor || !file.endsWith('.md') || statSync(join(base, file)).isDirectory()) return undefined
  const text = path === '' ? page.text : readFileSync(join(base, file), 'utf8')
  return anchorsOf({ path: file, text }).has(anchor) ? undefined : `${file} has no heading #${anchor}`
}

// As code hosts make them: lower case, punctuation gone, blanks to hyphens, repeats numbered.
function anchorsOf(page: Page): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of headings(page)) {
    const slug = heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}\- _]/gu, '')
      .replaceAll(' ', '-')
    let name = slug
    for (let times = 1; anchors.has(name); times += 1) name = `${slug}-${times}`
    anchors.add(name)
  }
  return anchors
}

// Prose tells where headings are; the page itself has their inline code.
function headings(page: Page): RegExpMatchArray[] {
  const prose = proseOf(page).split('\n')
  const lines = page.text.split(/\r?\n/).filter((_, at) => /^#{1,6} /.test(prose[at] ?? ''))
  return lines.flatMap((line) => [...line.matchAll(/^#{1,6} (.*?)#*$/g)])
}
