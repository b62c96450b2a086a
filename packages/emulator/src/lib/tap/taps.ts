import { EmulatorError } from '../machine.ts'

/** A door that others use in the place of a server's own: what goes through it is seen. */
export interface Tap {
  name: string
  /** Put before the path of what comes. */
  url: URL
}

function parseUrl(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '') return url
  throw new EmulatorError(
    'bad_tap',
    `the tap ${name} stands before ${JSON.stringify(text)}, which is no http or https URL`,
    'give name=http://127.0.0.1:8789',
  )
}

/**
 * The meaning of `--tap` and of `taps`.
 *
 * @throws {EmulatorError} `bad_tap`
 */
export function parseTaps(taps: Readonly<Record<string, string>>): ReadonlyMap<string, Tap> {
  const entries = Object.entries(taps).map(([name, text]): [string, Tap] => {
    if (!/^[\w-]{1,64}$/.test(name)) {
      throw new EmulatorError(
        'bad_tap',
        `a tap cannot be called ${JSON.stringify(name)}`,
        'use letters, digits, - and _',
      )
    }
    return [name, { name, url: parseUrl(name, text) }]
  })
  return new Map(entries)
}
