import type { Program } from '../../lib/miniprogram/program.ts'
import type { Wx } from '../../lib/wx/assemble-wx.ts'
import {
  failWith,
  type Host,
  type Outcome,
  succeed,
  twoStyles,
  type WxResult,
} from '../../lib/wx/callbacks.ts'
import type { Screen } from '../chrome/screen.ts'
import type { Handset } from '../handset/handset.ts'
import type { AppLife } from '../runtime/app.ts'
import type { PageStack } from '../runtime/page-stack.ts'
import type { ReportError } from '../runtime/problems.ts'

/** What the APIs of the browser's `wx` work with. */
export interface WxParts {
  host: Host
  handset: Handset
  screen: Screen
  program: Program
  stack: PageStack
  app: AppLife
  /** What Node's `wx` has too: network, login, storage. */
  base: Wx
  /** Draws the bars again. */
  redraw(): void
  /** To the background, as the capsule does. */
  exit(): void
  /** Ends and begins again, with this page. */
  restart(route: string): void
  report: ReportError
}

export function okay<R extends object>(api: string, facts?: R): Outcome<WxResult & R> {
  return succeed({ errMsg: `${api}:ok`, ...facts } as WxResult & R)
}

/** An API that does its work at once and cannot fail. */
export function doing<O extends object>(host: Host, api: string, work: (options: O) => void) {
  return twoStyles<WxResult, O>(host, async (options) => {
    work(options)
    return okay(api, {})
  })
}

/** What a call without a text where one has to be comes to. */
export function needsString<R extends WxResult>(api: string, name: string, value: unknown): Outcome<R> {
  const kind = value === null ? 'Null' : (Object(value).constructor?.name ?? 'Undefined')
  const given = value === undefined ? 'Undefined' : kind
  return failWith(api, `parameter error: parameter.${name} should be String instead of ${given};`)
}
