/**
 * Something whose every member is there, does nothing and gives something inert again: what a call that the phone does not have
 * hands out in the place of a manager, a context or an ad, so that nothing breaks on it.
 */
export function inert(): object {
  return new Proxy(
    {},
    {
      // No `then`: who awaits it is not kept waiting. No symbols: it can be printed.
      get: (_target, name) => (name === 'then' || typeof name === 'symbol' ? undefined : () => inert()),
    },
  )
}
