import type { Config } from '../lib/config.ts'
import { readApps } from '../lib/load-config/apps.ts'
import { readBackends } from '../lib/load-config/backends.ts'
import { readDatabase } from '../lib/load-config/database-url.ts'
import { noFindings } from '../lib/load-config/findings.ts'
import { type LayersInput, readLayers } from '../lib/load-config/layers.ts'
import type { Finding } from '../lib/load-config/load-config.ts'
import { readMasterKeys } from '../lib/load-config/master-keys.ts'
import { readScalars, SCALARS, type ScalarKey, type Sources } from '../lib/load-config/scalars.ts'

/** What can be said of a configuration that does not fit. */
export interface KnownConfig {
  readonly config: Partial<Config> & Pick<Config, 'apps' | 'backends' | 'masterKeys'>
  readonly sources: Readonly<Sources>
}

/**
 * The settings that nothing is wrong with; the others are left out, for what stands there may be anything, a
 * password in an address too. Null where the configuration file cannot be read: then no value is sure.
 */
export function readKnownConfig(input: LayersInput, problems: readonly Finding[]): KnownConfig | null {
  const findings = noFindings()
  const layers = readLayers(input, findings)
  if (layers.isFileBroken || findings.problems.length > 0) return null
  const sources: Sources = {}
  const named = new Set(problems.map(({ setting }) => setting))
  const fits = ([key]: [string, unknown]) => !named.has(key) && !named.has(variableOf(key))
  const { databaseUrl: _, ...scalars } = readScalars(layers, findings, sources)
  const isDatabaseKnown = fits(['databaseUrl', null]) && !named.has('DATABASE_URL_FILE')
  return {
    config: {
      ...Object.fromEntries(Object.entries(scalars).filter(fits)),
      ...(isDatabaseKnown ? { database: readDatabase(layers, findings, sources) } : {}),
      masterKeys: readMasterKeys(layers, findings, sources),
      apps: readApps(layers, findings, sources),
      backends: readBackends(layers, findings, sources),
    },
    sources,
  }
}

function variableOf(key: string): string {
  return key in SCALARS ? SCALARS[key as ScalarKey].variable : key // `in` proves it.
}
