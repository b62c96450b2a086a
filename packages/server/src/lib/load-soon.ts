/** After the first answer, and before anybody can have used up what loading needs. */
const LOAD_AFTER_MS = 500

/**
 * Loads code that a start can do without: a moment later by itself, or when it is first asked for. Not later than that,
 * since it takes a file descriptor: where the first request that needs the code comes when there are none, Node 20
 * remembers the failure for as long as the process lives.
 */
export function loadSoon<Loaded>(load: () => Promise<Loaded>): () => Promise<Loaded> {
  let loading: Promise<Loaded> | null = null
  const get = (): Promise<Loaded> => {
    loading ??= load().catch((error: unknown) => {
      loading = null
      throw error
    })
    return loading
  }
  setTimeout(() => void get().catch(() => undefined), LOAD_AFTER_MS).unref()
  return get
}
