import type { HttpDeps, HttpHandler } from './deps.ts'
import { createDoor } from './door.ts'

/** What mini programs call. `deps.basePath` stands before every path. */
export function createPublicHandler(deps: HttpDeps): HttpHandler {
  return createDoor('public', deps)
}

/** What back ends, gateways and operators call. Never to be reached from outside. */
export function createInternalHandler(deps: HttpDeps): HttpHandler {
  return createDoor('internal', deps)
}
