import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { refuseStranger } from '../control/guard.ts'
import { type Reply, send } from '../http/send.ts'
import { addressOf } from '../wechat/serve.ts'
import type { Build } from './compile.ts'
import { contentTypeOf } from './content-types.ts'
import type { MiniProgram } from './open.ts'

const SCRIPT = 'text/javascript; charset=utf-8'
const STYLE = 'text/css; charset=utf-8'
const JSON_TYPE = 'application/json; charset=utf-8'

/** No other page may load them, and nothing is guessed about them. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

function reply(status: number, type: string, body: string | Buffer): Reply {
  return { status, headers: { 'Content-Type': type, ...HEADERS }, body: Buffer.from(body) }
}

function plain(status: number, text: string): Reply {
  return reply(status, 'text/plain; charset=utf-8', `${text}\n`)
}

const NO_PROGRAM = reply(
  404,
  JSON_TYPE,
  JSON.stringify({
    error: 'no_mini_program',
    message: 'the emulator was started without a mini program',
    cure: 'start it with --miniprogram DIR, or startEmulator({ miniprogram: DIR })',
  }),
)
const GONE = plain(404, 'No such file in this build: the mini program has changed. Load the phone again.')

/** Hidden files, keys and DevTools' own settings are none of the mini program. */
function isPrivate(path: string): boolean {
  const parts = path.split('/')
  const isOdd = path.includes('\\') || path.includes('\0')
  if (isOdd || parts.some((part) => part === '' || part.startsWith('.') || part === 'node_modules'))
    return true
  return /^project\.[^/]*json$|\.(?:key|pem|p12|pfx)$/i.test(path)
}

/** A picture of the SVG kind may hold scripts: opened as a page of its own, it runs none. */
function withPolicy(file: Reply): Reply {
  return { ...file, headers: { ...file.headers, 'Content-Security-Policy': 'sandbox' } }
}

async function localFile(program: MiniProgram, path: string): Promise<Reply> {
  const file = isPrivate(path) ? null : await program.file(path)
  return file === null
    ? plain(404, 'No such file in the mini program.')
    : withPolicy(reply(200, contentTypeOf(path), await readFile(file)))
}

function style(build: Build, path: string): string | undefined {
  const css = build.styles.get(path.replace(/\.css$/, ''))
  return css?.replaceAll('@files/', `/_emulator/phone/${build.program.build}/files/`)
}

function artefact(build: Build, kind: string, path: string): Reply {
  const code =
    kind === 'scripts' ? build.scripts.get(path) : kind === 'styles' ? style(build, path) : undefined
  return code === undefined ? GONE : reply(200, kind === 'styles' ? STYLE : SCRIPT, code)
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

async function ofBuild(program: MiniProgram, number: number, rest: string): Promise<Reply> {
  const [, kind = '', path = ''] = /^(scripts|styles|files)\/(.+)$/s.exec(rest) ?? []
  if (kind === 'files') return localFile(program, path)
  const build = program.build(number)
  if (!build) return GONE
  return rest === 'templates.js' ? reply(200, SCRIPT, build.templates) : artefact(build, kind, path)
}

/** Tells of builds as long as the caller listens: `event: build`, `data: {"build":2}`; the one that is there first. */
async function events(program: MiniProgram, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { build } = (await program.current()).program
  if (res.destroyed) return // it hung up meanwhile, and would be told for ever
  res.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', ...HEADERS })
  if (req.method === 'HEAD') return void res.end()
  const tell = (number: number) =>
    void res.write(`event: build\ndata: ${JSON.stringify({ build: number })}\n\n`)
  tell(build)
  const stop = program.onBuild(tell)
  res.once('close', stop)
}

async function replyTo(
  program: MiniProgram,
  [, name, number, rawPath = '']: RegExpExecArray,
): Promise<Reply> {
  if (name === 'program') return reply(200, JSON_TYPE, JSON.stringify((await program.current()).program))
  const rest = decoded(rawPath)
  return rest === undefined ? GONE : ofBuild(program, Number(number), rest)
}

const MINE = /^\/_emulator\/phone\/(?:(program|events)|(\d+)\/(.+))$/s

/**
 * Answers what a phone fetches of its mini program: `GET /_emulator/phone/program`, `…/events` and `…/{build}/…`; false where
 * the path is none of them. For this machine alone, as all of the control interface.
 */
export async function serveMiniProgram(
  opened: Promise<MiniProgram> | undefined,
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
  date: Date,
): Promise<boolean> {
  const found = MINE.exec(path)
  if (!found || (req.method !== 'GET' && req.method !== 'HEAD')) return false
  const { host, origin } = req.headers
  const refusal = refuseStranger({ address: addressOf(req), host, origin })
  const program = refusal ? undefined : await opened
  if (refusal) send(res, plain(refusal.status, `${refusal.message}; ${refusal.cure}`), date)
  else if (!program) send(res, NO_PROGRAM, date)
  else if (found[1] === 'events') await events(program, req, res)
  else send(res, await replyTo(program, found), date)
  return true
}
