import * as z from 'zod'
import type { Scope } from '../config.ts'
import type { ErrorCode } from '../errors.ts'
import type { Language } from '../problem.ts'
import type { StoredSession } from '../records.ts'
import type { Origin } from '../services.ts'
import { type Answer, type Refusal, refuse } from './answer.ts'
import type { HeaderReader } from './asked.ts'
import type { HttpDeps } from './deps.ts'
import { fit } from './fit.ts'
import type { Limits } from './limits.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
export type Listener = 'public' | 'internal'
export type Auth = 'none' | 'session' | `api-key:${Scope}`

/** What every route gets to know of its request. Raw input is not in it: that was parsed before. */
export interface Call {
  readonly deps: HttpDeps
  readonly limits: Limits
  /** Rejects when the store does not answer. */
  readonly checkStore: () => Promise<void>
  readonly origin: Origin
  /** The other end of the connection itself, whatever a proxy says. */
  readonly peerIp: string | null
  readonly language: Language
  readonly headers: HeaderReader
  /** Values of the `{…}` in the path. */
  readonly params: Readonly<Record<string, string>>
}

interface Parsed<Query, Body> {
  readonly query: Query
  readonly body: Body
}

interface RouteFacts {
  /** `*`: any method. */
  readonly method: Method | '*'
  /** As the docs write it: `/me/sessions/{id}`. */
  readonly path: string
  readonly listeners: readonly Listener[]
  readonly summary: string
  /** The status of success and the shape of its body; null where the body is empty. */
  readonly success: { readonly status: 200 | 204; readonly schema: z.ZodType | null }
  /** Codes it can refuse with, beside those that every route of its kind can. */
  readonly refusals: readonly ErrorCode[]
  /** Also answers HEAD: for what probes whether the server is up. */
  readonly hasHead?: true
  /** Asked by gateways, which know 2xx, 401, 403 and trouble: every other refusal becomes one of these. */
  readonly isForGateways?: true
  /** False where the configuration leaves the route out; then it is as if it were not in the table. */
  readonly isServed?: (deps: HttpDeps) => boolean
  /** Only for programs on this machine; see `this-machine.ts`. */
  readonly isForThisMachine?: true
  /** Where it is served, for the docs: `Only …`. */
  readonly servedOnly?: string
  /** Told to who asks for it all the same: the setting that serves it. */
  readonly whenLeftOut?: string
}

/** `unread`: whatever came as body is left alone. */
export type BodyFormat = 'none' | 'json' | 'form' | 'unread'

interface Input<Query, Body> {
  readonly query: z.ZodType<Query>
  readonly body: { readonly format: BodyFormat; readonly schema: z.ZodType<Body> }
}

export const noQuery = z.strictObject({})
export const noBody = { format: 'none', schema: z.undefined() } as const

/** A row of the route table: what docs, tests and the router are made from. */
export interface Route extends RouteFacts, Input<unknown, unknown> {
  readonly auth: Auth
  /** Parses what came and answers it. `caller` is there on routes for sessions. */
  readonly run: (call: Call, caller: StoredSession | null, input: Parsed<unknown, unknown>) => Promise<Answer>
}

interface OpenRoute<Query, Body> extends RouteFacts, Input<Query, Body> {
  readonly auth: 'none' | `api-key:${Scope}`
  readonly handle: (call: Call & Parsed<Query, Body>) => Promise<Answer>
}

interface SessionRoute<Query, Body> extends RouteFacts, Input<Query, Body> {
  readonly handle: (call: Call & Parsed<Query, Body> & { readonly caller: StoredSession }) => Promise<Answer>
}

/** A route that asks no session: open to all, or for API keys. */
export function openRoute<Query, Body>(spec: OpenRoute<Query, Body>): Route {
  const { handle, ...facts } = spec
  return {
    ...facts,
    run: async (call, _caller, input) => {
      const parsed = parse(spec, input)
      return parsed.ok ? handle({ ...call, ...parsed.value }) : parsed.refusal
    },
  }
}

/** A route for the holder of a session. */
export function sessionRoute<Query, Body>(spec: SessionRoute<Query, Body>): Route {
  const { handle, ...facts } = spec
  return {
    ...facts,
    auth: 'session',
    run: async (call, caller, input) => {
      if (caller === null) throw new Error(`${spec.method} ${spec.path} was run without its caller`)
      const parsed = parse(spec, input)
      return parsed.ok ? handle({ ...call, ...parsed.value, caller }) : parsed.refusal
    },
  }
}

type ParseResult<Query, Body> =
  | { readonly ok: true; readonly value: Parsed<Query, Body> }
  | { readonly ok: false; readonly refusal: Refusal }

function parse<Query, Body>(
  input: Input<Query, Body>,
  raw: Parsed<unknown, unknown>,
): ParseResult<Query, Body> {
  const query = fit(input.query, raw.query)
  if (!query.ok) return { ok: false, refusal: misfit(query) }
  const body = fit(input.body.schema, raw.body)
  if (!body.ok) return { ok: false, refusal: misfit(body) }
  return { ok: true, value: { query: query.value, body: body.value } }
}

function misfit({ field, detail }: { readonly field: string; readonly detail: string }): Refusal {
  return refuse('invalid_request', { field, detail })
}
