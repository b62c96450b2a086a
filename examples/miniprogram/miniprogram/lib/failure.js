const OFFLINE = ['network', 'timeout', 'interrupted']
/** What trying again cannot help. */
const FINAL = ['denied', 'config', 'signed_out']

/**
 * What to tell about a failure, in words: what happened, whether trying again may help, and `code` for who asks the
 * support. Takes whatever was thrown.
 */
function failureOf(error, words) {
  const code = error?.code || 'unknown'
  const isOffline = OFFLINE.indexOf(code) >= 0
  const isFinal = Boolean(error) && FINAL.indexOf(error.class) >= 0
  return {
    kind: isOffline ? 'offline' : 'error',
    title: isOffline ? words.failure.offline : words.failure.title,
    text: words.codes[code] || words.codes.unknown,
    action: isFinal ? '' : words.failure.retry,
    code: isOffline ? '' : code,
  }
}

/** Whether somebody ended this login on purpose, so that only a tap on the button leads back in. */
function isSignedOut(error) {
  return Boolean(error) && error.class === 'signed_out'
}

module.exports = { failureOf, isSignedOut }
