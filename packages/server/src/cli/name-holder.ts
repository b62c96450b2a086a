import { ListenError } from '../lib/http/listen-error.ts'

const ANSWER_WITHIN_MS = 500

/** Throws the error on; when a Yaopai holds the port that was asked for, the message says so. */
export async function nameHolder(error: unknown): Promise<never> {
  const port = error instanceof ListenError ? takenPort(error.cause) : null
  if (!(error instanceof ListenError) || port === null || !(await isYaopai(port))) throw error
  throw new ListenError(error.setting, `${error.message} (a Yaopai that runs already holds it)`, error.cause)
}

function takenPort(cause: unknown): number | null {
  if (!(cause instanceof Error) || !('code' in cause) || cause.code !== 'EADDRINUSE') return null
  return 'port' in cause && typeof cause.port === 'number' ? cause.port : null
}

async function isYaopai(port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal, redirect: 'error' })
    return (await answer.text()) === '{"status":"ok"}'
  } catch {
    return false
  }
}
