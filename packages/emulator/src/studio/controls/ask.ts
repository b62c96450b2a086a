/** What came of asking the emulator. */
export type Answer =
  | { ok: true; value: unknown }
  | { ok: false; status: number; message: string; cure: string }

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function refusal(status: number, body: unknown): Answer {
  const { message, detail, title, cure } = Object(body)
  return {
    ok: false,
    status,
    message: text(message) || text(detail) || text(title) || `HTTP ${status}`,
    cure: text(cure),
  }
}

/** Asks one of the emulator's routes. Never throws: what went wrong is an answer too. */
export async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const init =
    body === undefined
      ? { method }
      : { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
  try {
    const response = await fetch(path, init)
    const value: unknown = await response.json().catch(() => undefined)
    return response.ok ? { ok: true, value } : refusal(response.status, value)
  } catch {
    return {
      ok: false,
      status: 0,
      message: 'the emulator does not answer',
      cure: 'see whether it still runs',
    }
  }
}
