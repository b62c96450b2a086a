import { type RoomsConfig, roomsConfig } from './config.ts'
import { type Finding, readSources } from './files.ts'
import { checkImports } from './imports.ts'
import { readManifests } from './manifests.ts'
import { checkShape } from './shape.ts'

/** Everything in the tree below `base` that breaks a rule of the house. */
export function checkRooms(base: string, config: RoomsConfig = roomsConfig): Finding[] {
  const manifests = readManifests(base)
  return readSources(base, config.sources, config.tests).flatMap((source) => [
    ...checkShape(source, config.limits),
    ...checkImports(source, config, manifests),
  ])
}

export function printable({ file, line, rule, message }: Finding): string {
  return `${file}:${line}  ${rule}: ${message}`
}
