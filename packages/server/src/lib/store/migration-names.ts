const EXPANSION = '.expand.sql'

/**
 * Whether a migration of this name only adds what an older version need not know: tables, indexes, columns that may be
 * null or have a default. An older version then starts on what a newer one has written, so that one step back is
 * possible without a restore. What takes away or alters comes a version later, under a plain name, and shuts the door.
 */
export function isExpansion(name: string): boolean {
  return name.endsWith(EXPANSION)
}
