import { json, refuse, text } from './answer.ts'
import { statusShape } from './answer-schemas.ts'
import { noBody, noQuery, openRoute, type Route } from './route.ts'

const health = openRoute({
  method: 'GET',
  hasHead: true,
  path: '/healthz',
  listeners: ['public', 'internal'],
  auth: 'none',
  summary: 'The process runs',
  query: noQuery,
  body: noBody,
  success: { status: 200, schema: statusShape },
  refusals: [],
  handle: async () => json({ status: 'ok' }),
})

const readiness = openRoute({
  method: 'GET',
  hasHead: true,
  path: '/readyz',
  listeners: ['public', 'internal'],
  auth: 'none',
  summary: 'Requests can be served now: the store answers and nobody told the process to stop',
  query: noQuery,
  body: noBody,
  success: { status: 200, schema: statusShape },
  refusals: [],
  handle: async ({ deps, checkStore }) => {
    if (deps.isDraining()) return refuse('store_unavailable', { detail: 'The server is about to stop' })
    await checkStore()
    return json({ status: 'ready' })
  },
})

const metrics = openRoute({
  method: 'GET',
  path: '/metrics',
  listeners: ['internal'],
  auth: 'none',
  summary: 'Numbers for Prometheus',
  query: noQuery,
  body: noBody,
  success: { status: 200, schema: null },
  refusals: [],
  handle: async ({ deps }) => {
    const page = await deps.metrics()
    return text(page.text, page.contentType)
  },
})

export const healthRoutes: readonly Route[] = [health, readiness, metrics]
