import type { DoorHandler, HttpDeps } from './deps.ts'
import { createDoor } from './door.ts'

/** What mini programs call. `deps.basePath` stands before every path. */
export function createPublicHandler(deps: HttpDeps): DoorHandler {
  return createDoor('public', deps)
}

/** What back ends, gateways and operators call. Never to be reached from outside. */
export function createInternalHandler(deps: HttpDeps): DoorHandler {
  return createDoor('internal', deps)
}
