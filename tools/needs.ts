import process from 'node:process'
import { isThere, type SystemPackage, systemPackages } from './system-packages.mjs'

/** Whether everything must run (`YAOPAI_REQUIRE=all`, as CI does): then a missing need is a failure. */
export const requiresAll = process.env['YAOPAI_REQUIRE'] === 'all'

/**
 * What a test needs from the system, as options for `test()` or `describe()`:
 * `test('…', needs('nginx'), async () => { … })`. Missing here: the test is skipped with the reason;
 * missing under `YAOPAI_REQUIRE=all`: throws, so that the file fails.
 */
export function needs(...names: SystemPackage[]): { skip?: string } {
  const missing = names.filter((name) => !isThere(name))
  if (missing.length === 0) return {}
  const cure = missing.map((name) => systemPackages[name].debian).join(' ')
  const reason = `needs ${missing.join(', ')} (Debian: apt-get install ${cure})`
  if (requiresAll) throw new Error(reason)
  return { skip: reason }
}
