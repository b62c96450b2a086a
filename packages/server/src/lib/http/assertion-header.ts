import type { Assertions } from '../assertions.ts'
import type { BackendConfig } from '../config.ts'

type Audience = { readonly ok: true; readonly audience: string | null } | { readonly ok: false }

/**
 * For whom an assertion is made: the back end that the gateway names by `?audience=`, else the only audience that is
 * configured. Null: none, and no header. Not ok: a name that no back end has.
 */
export function chooseAudience(
  backends: readonly Pick<BackendConfig, 'audience'>[],
  asked: string | undefined,
): Audience {
  if (asked !== undefined) {
    const isKnown = backends.some(({ audience }) => audience === asked)
    return isKnown ? { ok: true, audience: asked } : { ok: false }
  }
  let only: string | null = null
  for (const { audience } of backends) {
    if (audience === null || audience === only) continue
    if (only !== null) return { ok: true, audience: null }
    only = audience
  }
  return { ok: true, audience: only }
}

/** What `/forward-auth` adds to who calls. */
export function assertionHeader(
  assertions: Assertions,
  session: Parameters<Assertions['assertionFor']>[0],
  audience: string | null,
): Readonly<Record<string, string>> {
  return audience === null ? {} : { 'X-Yaopai-Assertion': assertions.assertionFor(session, audience) }
}
