import { failWith } from './fail-with.ts'

/**
 * A Promise of what `begin` settles, once, however often it is called back. What it fails with, or throws, comes out
 * as an error of ours.
 * @param ms after so long it has failed with `timeout`; 0: it may take as long as it takes
 * @throws YaopaiError
 */
export function limited<Result>(
  ms: number,
  begin: (resolve: (result: Result) => void, reject: (failure: unknown) => void) => void,
): Promise<Result> {
  let timer: ReturnType<typeof setTimeout>
  const stop = () => clearTimeout(timer)
  const settled = new Promise<Result>((resolve, reject) => {
    if (ms) timer = setTimeout(() => reject('timeout'), ms)
    begin(resolve, reject)
  })
  settled.then(stop, stop)
  return settled.catch(failWith)
}
