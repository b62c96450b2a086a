// npm run reference [-- --check]: docs/reference from the route table and from what the commands say of themselves.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { createOffsetClock } from '../packages/server/src/lib/clock.ts'
import { ERROR_CODES, type ErrorCode } from '../packages/server/src/lib/errors.ts'
import { devRoutes } from '../packages/server/src/lib/http/dev-routes.ts'
import type { Listener, Route } from '../packages/server/src/lib/http/route.ts'
import { codesOf, routes as usualRoutes } from '../packages/server/src/lib/http/routes.ts'
import { sourceFlags } from './launch.mjs'
import { coveragePage } from './phone-coverage.ts'
import { inputRows, schemaOf, shapeOf } from './reference/shapes.ts'
import { root } from './setup.mjs'

/** Those of a server that is being developed with, too. */
const routes = [...usualRoutes, ...devRoutes(createOffsetClock())]

/** Generated pages by their path from the root. */
export const pages: Readonly<Record<string, () => string>> = {
  'docs/reference/http.md': httpPage,
  'docs/reference/cli.md': cliPage,
  'docs/phone-coverage.md': coveragePage,
}

/** Paths of pages that are not as they would be written now. */
export function stalePages(): string[] {
  return Object.entries(pages).flatMap(([path, write]) => (read(path) === write() ? [] : [path]))
}

const HTTP_HEAD = `# HTTP

Generated from the server's route table by \`npm run reference\`; a test fails when it is stale.

JSON in and out, UTF-8, camelCase. Times are ISO 8601 in UTC, durations are seconds. Bodies have 16,384 bytes at most;
unknown fields, keys that stand twice, and values out of bounds are refused with \`invalid_request\` and the \`field\`.
Every answer has \`Cache-Control: no-store\` and \`X-Request-Id\`. [errors](../errors.md) describes every code.

The user's token goes into \`Authorization: Bearer yp1_…\`, once, and nowhere else. A back end names itself on the
internal listener with \`Authorization: Bearer yk1_…\`, or with HTTP Basic (its name, its key).
`

const LISTENERS: Readonly<Record<Listener, string>> = {
  public: 'Public listener: for mini programs (8787)',
  internal: 'Internal listener: for back ends, gateways, operators (8789)',
}

export function httpPage(): string {
  const sections = Object.entries(LISTENERS).map(([listener, title]) => {
    const here = routes.filter(({ listeners }) => listeners.some((one) => one === listener))
    const rows = here.map((route) => `| [\`${nameOf(route)}\`](#${anchorOf(route)}) | ${route.summary} |`)
    return `## ${title}\n\n| route | |\n|--|--|\n${rows.join('\n')}\n`
  })
  return `${[HTTP_HEAD, ...sections, '## Refusals\n', ...GROUPS.map(groupEntry), '## Routes\n', ...routes.map(routeEntry)].join('\n').trimEnd()}\n`
}

function nameOf({ method, path }: Route): string {
  return `${method === '*' ? 'any' : method} ${path}`
}

function anchorOf(route: Route): string {
  return slug(nameOf(route))
}

function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9\- _]/g, '')
    .replaceAll(' ', '-')
}
const CALLERS: Readonly<Record<string, string>> = { none: 'anyone', session: "the user's token" }

function routeEntry(route: Route): string {
  const local = route.isForThisMachine ? 'programs on this machine' : undefined
  const caller =
    local ?? CALLERS[route.auth] ?? `an API key of scope \`${route.auth.replace('api-key:', '')}\``
  const facts = `Listener: ${route.listeners.join(', ')}. Who may call: ${caller}.`
  const lines = [`### ${nameOf(route)}`, `${route.summary}. ${facts}`]
  if (route.servedOnly) lines.push(`Only ${route.servedOnly}.`)
  const input = [...inputRows('query', route.query), ...bodyRows(route)]
  if (input.length > 0) {
    lines.push(`| field | in | needed | |\n|--|--|--|--|\n${input.join('\n')}`)
  }
  lines.push(answerOf(route), `Refusals: ${refusalsOf(route).join('; ')}.`)
  return `${lines.join('\n\n')}\n`
}

/** Its own codes, and the groups that it shares with its kind. */
function refusalsOf(route: Route): string[] {
  const own = codesOf(route).filter((code) => route.refusals.includes(code) || !isShared(code, route))
  const list = own.map(codeLink).join(', ')
  return [
    ...(list === '' ? [] : [list]),
    ...groupsOf(route).map(({ title }) => `[${title}](#${slug(title)})`),
  ]
}

interface Group {
  readonly title: string
  readonly routes: readonly Route[]
}

const hasBody = ({ body }: Route) => body.format !== 'unread'
const GROUPS: readonly Group[] = [
  { title: 'refusals of every route', routes },
  { title: 'refusals of routes that read a body', routes: routes.filter(hasBody) },
  { title: 'refusals of routes with a token', routes: routes.filter(({ auth }) => auth === 'session') },
  {
    title: 'refusals of routes with an API key',
    routes: routes.filter(({ auth }) => auth.startsWith('api-key:')),
  },
]

function groupsOf(route: Route): Group[] {
  return GROUPS.filter((group) => group.routes.includes(route))
}

/** What all routes of the group can refuse with, without what a wider group has already. */
function codesOfGroup(group: Group): ErrorCode[] {
  const wider = GROUPS.slice(0, GROUPS.indexOf(group)).filter((other) =>
    group.routes.every((route) => other.routes.includes(route)),
  )
  const known = wider.flatMap(codesOfGroup)
  const [first, ...others] = group.routes.map(codesOf)
  return (first ?? []).filter(
    (code) => !known.includes(code) && others.every((codes) => codes.includes(code)),
  )
}

function isShared(code: ErrorCode, route: Route): boolean {
  return groupsOf(route).some((group) => codesOfGroup(group).includes(code))
}

function groupEntry(group: Group): string {
  const title = group.title.replace(/^r/, 'R')
  return `### ${title}\n\n${codesOfGroup(group).map(codeLink).join(', ')}.\n`
}

function codeLink(code: ErrorCode): string {
  return `[\`${code}\`](../errors.md#${code}) ${ERROR_CODES[code].status}`
}

function bodyRows({ body }: Route): string[] {
  const isRead = body.format === 'json' || body.format === 'form'
  return isRead ? inputRows(`${body.format} body`, body.schema) : []
}

function answerOf({ success }: Route): string {
  if (success.schema === null) return `Answer: ${success.status}, no JSON.`
  return `Answer: ${success.status}\n\n\`\`\`text\n${shapeOf(schemaOf(success.schema, 'output'))}\n\`\`\``
}

const CLI_HEAD = `# Command line

Generated from what the commands say of themselves by \`npm run reference\`; a test fails when it is stale.

The packages are not published yet, so there is no \`yaopai\` to install. In a clone write \`npm run yaopai --\` for it,
such as \`npm run yaopai -- serve\`, and \`node tools/run.mjs packages/emulator/src/cli.ts\` for \`wechat-emulator\`. They
run from source, in the clone's root folder.
`

export function cliPage(): string {
  const groups = helpTexts([[]]).flatMap(commandsIn)
  const commands = helpTexts(groups).flatMap((help, at) => {
    const within = commandsIn(help).map((name) => [...(groups[at] ?? []), ...name])
    return within.length === 0 ? [groups[at] ?? []] : within
  })
  const emulator = runHelp([join(root, 'packages/emulator/src/cli.ts'), '--help'])
  const entries = helpTexts([[], ...commands]).map((help, at) =>
    helpEntry('yaopai', commands[at - 1] ?? [], help),
  )
  return [CLI_HEAD, ...entries, helpEntry('wechat-emulator', [], emulator)].join('\n')
}

function helpEntry(program: string, command: readonly string[], help: string): string {
  return `## ${[program, ...command].join(' ')}\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n`
}

/** Names below `Commands:`; `help` itself is none of them. */
function commandsIn(help: string): string[][] {
  const [, list = ''] = /^Commands:\n((?: +\S.*\n)+)/m.exec(help) ?? []
  const names = [...list.matchAll(/^ {2}(\S+)/gm)].flatMap(([, name]) => name ?? [])
  return names.filter((name) => name !== 'help').map((name) => [name])
}

const SEPARATOR = '\u0000'

/** Many in one process, since each start costs more than all of them. */
function helpTexts(commands: readonly (readonly string[])[]): string[] {
  const cli = pathToFileURL(join(root, 'packages/server/src/cli/run-cli.ts')).href
  const program = `
    const { runCli } = await import(${JSON.stringify(cli)})
    for (const args of ${JSON.stringify(commands)}) {
      await runCli([...args, '--help'])
      process.stdout.write('\\u0000')
    }`
  return runHelp(['--input-type=module', '--eval', program]).split(SEPARATOR).slice(0, -1)
}

/** In a pipe, so that no terminal's width wraps the lines. */
function runHelp(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...sourceFlags, ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The help could not be read:\n${stderr}`)
  return stdout
}

function read(path: string): string {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return ''
  }
}

function main(): void {
  const stale = stalePages()
  if (process.argv.includes('--check')) {
    for (const path of stale) console.error(`${path} is stale: run npm run reference`)
    process.exitCode = stale.length === 0 ? 0 : 1
    return
  }
  for (const path of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), pages[path]?.() ?? '')
    console.log(`Wrote ${path}`)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
